import fc from 'fast-check';

// For tests alone: what may happen around an enforcer, as data.

/** What goes wrong with one request of a worker. */
export type FaultKind = 'dies-before' | 'dies-after' | 'lost-before' | 'lost-after' | 'throttled' | 'denied';

export interface Fault {
  /** 0 or 1: of those that run at once. */
  readonly worker: number;
  /** From 1 on, counted over IAM, store and mailer. */
  readonly request: number;
  readonly fault: FaultKind;
}

/** What becomes of mails to an address from now on; `late`: their events come only at the end. */
export type Fate = 'delivered' | 'twice' | 'bounced' | 'complained' | 'late' | 'never';

/** What people do, and SES. Users are named by a small number. */
export type Event =
  | { readonly kind: 'enrol' | 'take-mfa-off' | 'new-password' | 'remove-password'; readonly user: number }
  | { readonly kind: 'deactivate' | 'activate' | 'rotate' | 'use'; readonly user: number; readonly key: number }
  | { readonly kind: 'delete' | 'recreate'; readonly user: number }
  | { readonly kind: 'owner'; readonly user: number; readonly owner: 'own' | 'other' | 'none' | 'foreign' }
  | { readonly kind: 'exempt'; readonly user: number; readonly days: number }
  | { readonly kind: 'end-exemption'; readonly user: number }
  | { readonly kind: 'fate'; readonly address: number; readonly fate: Fate }
  | { readonly kind: 'refuse' | 'accept'; readonly address: number }
  | { readonly kind: 'sandbox' | 'production' }
  | { readonly kind: 'pause'; readonly hours: number };

/** What happens between two moments of a story, and which workers run then. */
export interface Episode {
  /** Hours that pass first. */
  readonly hours: number;
  readonly events: readonly Event[];
  /** How many workers run at once; none on a missed day. */
  readonly workers: number;
  /** One after the other, in the same minutes, instead of at once. */
  readonly inTurn: boolean;
  readonly faults: readonly Fault[];
  /** What somebody does while they run, before the request of that number. */
  readonly during?: { readonly request: number; readonly event: Event };
  readonly seed: number;
}

export interface Story {
  readonly undeliverable: 'report' | 'act';
  /** How old the first keys are, days. */
  readonly ages: readonly number[];
  readonly episodes: readonly Episode[];
}

const user = fc.nat({ max: 4 });
const key = fc.nat({ max: 1 });
const address = fc.nat({ max: 6 });

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constantFrom('enrol', 'take-mfa-off', 'new-password', 'remove-password'), user }),
  fc.record({ kind: fc.constantFrom('deactivate', 'activate', 'rotate', 'use'), user, key }),
  fc.record({ kind: fc.constantFrom('delete', 'recreate'), user }),
  fc.record({ kind: fc.constant('owner'), user, owner: fc.constantFrom('own', 'other', 'none', 'foreign') }),
  fc.record({ kind: fc.constant('exempt'), user, days: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('end-exemption'), user }),
  fc.record({
    kind: fc.constant('fate'),
    address,
    fate: fc.constantFrom('delivered', 'twice', 'bounced', 'complained', 'late', 'never'),
  }),
  fc.record({ kind: fc.constantFrom('refuse', 'accept'), address }),
  fc.record({ kind: fc.constantFrom('sandbox', 'production', 'production') }),
  fc.record({ kind: fc.constant('pause'), hours: fc.integer({ min: 1, max: 24 }) }),
);

const fault: fc.Arbitrary<Fault> = fc.record({
  worker: fc.nat({ max: 1 }),
  request: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 12, max: 70 })),
  fault: fc.constantFrom('dies-before', 'dies-after', 'lost-before', 'lost-after', 'throttled', 'denied'),
});

const episode: fc.Arbitrary<Episode> = fc.record(
  {
    hours: fc.oneof(
      { weight: 5, arbitrary: fc.constant(24) },
      { weight: 2, arbitrary: fc.constantFrom(0.02, 0.2, 0.3, 1, 4, 6) },
      { weight: 2, arbitrary: fc.constantFrom(48, 96, 240) },
    ),
    events: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(event, { minLength: 1, maxLength: 3 }) },
    ),
    workers: fc.constantFrom(0, 1, 1, 1, 1, 2, 2),
    inTurn: fc.boolean(),
    faults: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(fault, { minLength: 1, maxLength: 2 }) },
    ),
    during: fc.record({ request: fc.integer({ min: 1, max: 60 }), event }),
    seed: fc.nat(),
  },
  { requiredKeys: ['hours', 'events', 'workers', 'inTurn', 'faults', 'seed'] },
);

/** A story of a handful of users, over up to 60 days and a little more. */
export const story: fc.Arbitrary<Story> = fc.record({
  undeliverable: fc.constantFrom('report', 'act'),
  ages: fc.array(fc.integer({ min: 40, max: 120 }), { minLength: 6, maxLength: 6 }),
  episodes: fc.array(episode, { minLength: 4, maxLength: 26, size: 'max' }),
});
