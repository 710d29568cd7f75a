import { type FirewallDeny, type GroupRules, type HeldDeny, keptRules, sameDeny, wholeSecond } from './rules.ts';

/** What a rule group holds and how many rules it may. */
export interface GroupFacts {
  readonly rules: GroupRules;
  /** Fixed when it was created. Each rule takes 1. */
  readonly capacity: number;
}

/** What is to become of a rule group for one deny. */
export type DenyDecision =
  | { readonly kind: 'foreign' | 'no-room'; readonly because: string }
  /** It is denied until then. */
  | { readonly kind: 'held'; readonly expiresAt: string }
  | { readonly kind: 'write'; readonly wasHeld: boolean; readonly denies: readonly HeldDeny[] };

/**
 * Decides how a deny gets into a group. Pure. What is held is held until the later end, under the same rule. Where there is
 * no room, denies of ours that have ended give way; none that holds does.
 */
export const decideDeny = ({ rules, capacity }: GroupFacts, asked: FirewallDeny, now: Date): DenyDecision => {
  if (rules.foreign) return { kind: 'foreign', because: rules.foreign.because };
  const wanted = { ...asked, expiresAt: wholeSecond(asked.expiresAt) };
  const isLive = ({ expiresAt }: HeldDeny): boolean => Date.parse(expiresAt) > now.getTime();
  const held = rules.denies.find((deny) => sameDeny(deny, wanted));
  if (held && Date.parse(held.expiresAt) >= Date.parse(wanted.expiresAt)) {
    return { kind: 'held', expiresAt: held.expiresAt };
  }
  if (held) {
    const denies = rules.denies.map((deny) => (deny === held ? { ...wanted, sid: held.sid } : deny));
    return { kind: 'write', wasHeld: isLive(held), denies };
  }
  const room = capacity - keptRules;
  const kept = rules.denies.length < room ? rules.denies : rules.denies.filter(isLive);
  if (kept.length >= room) {
    const because = `no-room: the rule group holds ${kept.length} denies, and its capacity of ${capacity} was fixed when it was created.`;
    return { kind: 'no-room', because };
  }
  return { kind: 'write', wasHeld: false, denies: [...kept, { ...wanted, sid: freeSid(kept) }] };
};

/** The first number that no rule has. */
const freeSid = (denies: readonly HeldDeny[]): number => {
  const taken = new Set(denies.map(({ sid }) => sid));
  let sid = keptRules + 1;
  while (taken.has(sid)) sid += 1;
  return sid;
};

/** What is to become of a rule group that lets go of some denies. */
export type EndDecision =
  | { readonly kind: 'foreign'; readonly because: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'write'; readonly ended: readonly HeldDeny[]; readonly denies: readonly HeldDeny[] };

/** Decides which denies of ours leave a group. Pure. */
export const decideEnds = ({ rules }: GroupFacts, isOver: (deny: HeldDeny) => boolean): EndDecision => {
  if (rules.foreign) return { kind: 'foreign', because: rules.foreign.because };
  const ended = rules.denies.filter(isOver);
  if (ended.length === 0) return { kind: 'nothing' };
  return { kind: 'write', ended, denies: rules.denies.filter((deny) => !isOver(deny)) };
};
