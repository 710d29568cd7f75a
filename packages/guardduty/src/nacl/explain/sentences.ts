import type { Contest, LedgerId, PastBlock, Slot, Unplaced } from '../ledger/ledger.ts';
import type { PortRange } from '../outcome.ts';

type Place = Pick<LedgerId, 'networkAclId' | 'direction'>;

const portsOf = (ports: PortRange | undefined): string =>
  ports === undefined
    ? 'on all ports'
    : ports.from === ports.to
      ? `on port ${ports.from}`
      : `on ports ${ports.from} to ${ports.to}`;

const states = {
  active: 'denies',
  claimed: 'is being written, or was left half-way, to deny',
  releasing: 'is being taken out, or was left half-way, and denies',
} as const;

export const slotSentence = ({ networkAclId, direction }: Place, slot: Slot): string => {
  const { ruleNumber, status, cidr, ports, expiresAt, firstBlockedAt, findingType, findingIds, hits } = slot;
  const why =
    findingIds.length === 0 ? findingType : `${findingType}, seen ${hits} times, finding ${findingIds.join(', ')}`;
  return `${networkAclId}, ${direction}: rule ${ruleNumber} ${states[status]} ${cidr} ${portsOf(ports)} since ${firstBlockedAt} until ${expiresAt} (${why}).`;
};

export const unplacedSentence = ({ networkAclId, direction }: Place, entry: Unplaced): string =>
  `${networkAclId}, ${direction}: ${entry.cidr} ${portsOf(entry.ports)} is NOT denied since ${entry.since} (${entry.reason}), finding ${entry.findingId}.`;

export const historySentence = ({ networkAclId, direction }: Place, { cidr, blocks, endedAt }: PastBlock): string =>
  `${networkAclId}, ${direction}: ${cidr} was denied ${blocks === 1 ? 'once' : `${blocks} times`} before, last until ${endedAt}.`;

export const contestSentence = ({ networkAclId, direction }: Place, { until, because }: Contest): string =>
  `${networkAclId}, ${direction}: contested until ${until}, nothing new is denied here. ${because}`;

export const floodSentence = ({ networkAclId, direction }: Place): string =>
  `${networkAclId}, ${direction}: had as many entry writes in the last hour as are allowed; nothing new is denied here for now.`;
