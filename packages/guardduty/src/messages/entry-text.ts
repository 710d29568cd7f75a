import type { Text } from '@remedykit/core';
import type { EntryView, PortRange } from '../nacl/outcome.ts';
import { atMinute, joinTexts, ours, say } from './say.ts';

const protocols: Readonly<Record<EntryView['protocol'], string>> = { '6': 'TCP', '17': 'UDP', '-1': 'all protocols' };

const portsText = (ports: PortRange | undefined): string => {
  if (ports === undefined) return 'all ports';
  return ports.from === ports.to ? `port ${ports.from}` : `ports ${ports.from} to ${ports.to}`;
};

/** What an entry denies: `inbound TCP, port 22`. */
export const trafficText = ({ egress, protocol, ports }: Pick<EntryView, 'egress' | 'protocol' | 'ports'>): string => {
  const what = protocol === '-1' && ports === undefined ? 'all traffic' : `${protocols[protocol]}, ${portsText(ports)}`;
  return `${egress ? 'outbound' : 'inbound'} ${what}`;
};

/** Where an entry is and how far and long it reaches. */
export const entryText = (entry: EntryView): Text => {
  const subnets =
    entry.subnetIds.length === 0
      ? ours('no subnet')
      : joinTexts(
          entry.subnetIds.map((id) => say`${id}`),
          ', ',
        );
  return say`${entry.networkAclId}, rule ${entry.ruleNumber}: ${ours(trafficText(entry))} (${subnets}), until ${atMinute(entry.expiresAt)}`;
};
