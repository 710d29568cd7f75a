import fc from 'fast-check';

// For tests alone: what may happen to the blocker and around it.

/** Something that a worker does: an invocation of a function, or a person's command. */
export type Work =
  /** A finding about an attacker arrives; `again` repeats the one before from him, `minutesAgo` is when he was seen. */
  | { readonly kind: 'finding'; readonly attacker: number; readonly again: boolean; readonly minutesAgo: number }
  /** GuardDuty replaces the address under the id of an earlier finding. */
  | { readonly kind: 'new-address'; readonly of: number; readonly attacker: number }
  /** Nobody at GuardDuty knows it. */
  | { readonly kind: 'forged'; readonly attacker: number }
  /** Seen a day ago. */
  | { readonly kind: 'stale'; readonly attacker: number }
  | { readonly kind: 'unblock'; readonly attacker: number }
  | { readonly kind: 'sweep' }
  | { readonly kind: 'reconcile' };

/** Something that happens between invocations. */
export type Event =
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'pause'; readonly scope: 'new-denies' | 'all-writes' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'person-adds'; readonly ruleNumber: number }
  | { readonly kind: 'person-removes'; readonly which: number }
  | { readonly kind: 'person-takes-ours-out'; readonly which: number }
  | { readonly kind: 'poison' }
  | { readonly kind: 'cure' }
  | { readonly kind: 'lose-table' };

/** A request of a worker that does not go as it should. */
export interface Fault {
  readonly worker: number;
  /** Which of its requests, from 1. */
  readonly request: number;
  readonly fault:
    | 'throttled'
    | 'lost-before'
    | 'lost-after'
    | 'dies-before'
    | 'dies-after'
    | 'freezes-before'
    | 'freezes-after';
}

/** What happens at once, and before it. */
export interface Episode {
  readonly events: readonly Event[];
  readonly works: readonly Work[];
  readonly faults: readonly Fault[];
  /** How long a describe lags behind, ms. */
  readonly staleMs: number;
  /** Of the time that requests take. */
  readonly seed: number;
}

/** More attackers than there is room for. */
export const attackers = 8;

const attacker = fc.integer({ min: 1, max: attackers });

const finding: fc.Arbitrary<Work> = fc.record({
  kind: fc.constant('finding' as const),
  attacker,
  again: fc.boolean(),
  minutesAgo: fc.integer({ min: 0, max: 90 }),
});

const work: fc.Arbitrary<Work> = fc.oneof(
  { weight: 8, arbitrary: finding },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('new-address' as const), of: attacker, attacker }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forged' as const), attacker }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stale' as const), attacker }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unblock' as const), attacker }) },
  { weight: 2, arbitrary: fc.constant<Work>({ kind: 'sweep' }) },
  { weight: 2, arbitrary: fc.constant<Work>({ kind: 'reconcile' }) },
);

const which = fc.nat({ max: 5 });

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 1_600 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      scope: fc.constantFrom('new-denies' as const, 'all-writes' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'resume' }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('person-adds' as const), ruleNumber: fc.integer({ min: 8, max: 16 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('person-removes' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('person-takes-ours-out' as const), which }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'poison' }) },
  { weight: 2, arbitrary: fc.constant<Event>({ kind: 'cure' }) },
  { weight: 1, arbitrary: fc.constant<Event>({ kind: 'lose-table' }) },
);

const fault: fc.Arbitrary<Fault> = fc.record({
  worker: fc.nat({ max: 3 }),
  request: fc.integer({ min: 1, max: 16 }),
  fault: fc.constantFrom<Fault['fault']>(
    'throttled',
    'lost-before',
    'lost-after',
    'dies-before',
    'dies-after',
    'freezes-before',
    'freezes-after',
  ),
});

const episode: fc.Arbitrary<Episode> = fc.record({
  events: fc.array(event, { maxLength: 2 }),
  works: fc.array(work, { minLength: 1, maxLength: 4 }),
  faults: fc.array(fault, { maxLength: 3 }),
  staleMs: fc.constantFrom(0, 0, 1_000, 20_000),
  seed: fc.nat(),
});

/** A story of the blocker. */
export const story: fc.Arbitrary<readonly Episode[]> = fc.array(episode, { minLength: 1, maxLength: 6 });
