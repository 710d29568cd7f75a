import type { NoteStep } from '../entries/entry-plan.ts';
import { type Ledger, ledgerKey, letGoPrefix, type Notice, type Slot } from '../ledger/ledger.ts';
import type { UpkeepAlert } from '../outcome.ts';
import { retriedWithin } from '../policy.ts';
import type { UpkeepChange } from './upkeep-plan.ts';

/** As many characters as a notice holds whole: an address that was cut would be another one. */
const maxLength = 600;

/** True for a deny that ends although its attacker may still be at it. */
const isNews = ({ result, reason, slot }: UpkeepChange, now: Date): boolean =>
  result === 'foreign' || result === 'give-up'
    ? Date.parse(slot.expiresAt) > now.getTime()
    : reason === 'now-protected' || reason === 'longest-block';

const recentNotice = ({ notices }: Pick<Ledger, 'notices'>, now: Date): Notice | undefined =>
  notices.find(({ about, at }) => about.startsWith(letGoPrefix) && now.getTime() - Date.parse(at) < retriedWithin);

const namedIn = (notice: Notice | undefined): string[] =>
  notice === undefined ? [] : notice.about.slice(letGoPrefix.length).split(',');

/** The step that keeps whom this plan lets go of, so that it is told even if this worker does not live to. Pure. */
export const noteLetGo = (
  releases: readonly UpkeepChange[],
  ledger: Pick<Ledger, 'notices'>,
  now: Date,
): NoteStep | undefined => {
  const gone = releases.filter((release) => isNews(release, now)).map(({ slot }) => slot.cidr);
  if (gone.length === 0) return undefined;
  const cidrs = [...new Set([...gone, ...namedIn(recentNotice(ledger, now))])];
  while (cidrs.join(',').length > maxLength) cidrs.pop();
  return {
    id: 'note/let-go',
    action: 'note',
    reason: 'let-go',
    because: 'Whoever is not denied any more is told again when upkeep is run again at once.',
    precondition: null,
    notice: { about: `${letGoPrefix}${cidrs.join(',')}`, at: now.toISOString() },
  };
};

/** What upkeep that runs again at once tells again: whom an earlier run let go of, and who is not denied since. Pure. */
export const letGoAlerts = (ledger: Ledger, now: Date): Omit<UpkeepAlert, 'announce'>[] => {
  const notice = recentNotice(ledger, now);
  const cidrs = namedIn(notice).filter((cidr) => !ledger.slots.some((slot) => isDenied(slot, cidr)));
  if (notice === undefined || cidrs.length === 0) return [];
  const because = `Said again, since whoever did it at ${notice.at} may not have come to: NOT denied there any more: ${cidrs.join(', ')}.`;
  return [{ reason: 'let-go', because, subject: ledgerKey(ledger) }];
};

const isDenied = ({ cidr, status }: Slot, address: string): boolean => cidr === address && status === 'active';
