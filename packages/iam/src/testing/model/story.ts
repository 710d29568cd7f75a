import fc from 'fast-check';

// For tests alone: what may happen around an enforcer, as data.

/** What goes wrong with one request of a worker. */
export type FaultKind = 'dies-before' | 'dies-after' | 'lost-before' | 'lost-after' | 'throttled' | 'denied';

/** Requests among which one is counted: all, or those of a kind. */
export type Among =
  | 'all'
  /** Writes of IAM. */
  | 'write'
  /** Each of these by the documents or calls of that name. */
  | 'journal'
  | 'mail'
  | 'notify'
  | 'limits'
  | 'user'
  | 'account'
  | 'answer'
  | 'exemption'
  | 'policies';

/** One request of a worker, from 1 on. */
export interface Moment {
  readonly among: Among;
  readonly request: number;
}

export interface Fault extends Moment {
  /** 0 or 1: of those that run at once. */
  readonly worker: number;
  readonly fault: FaultKind;
}

/** What becomes of mails to an address from now on; `late`: their events come only at the end. */
export type Fate = 'delivered' | 'twice' | 'bounced' | 'complained' | 'late' | 'never';

/** What people do, and SES. Users are named by a small number. */
export type Event =
  | { readonly kind: 'enrol' | 'take-mfa-off' | 'new-password' | 'remove-password' | 'sign-in'; readonly user: number }
  | { readonly kind: 'deactivate' | 'activate' | 'rotate' | 'use'; readonly user: number; readonly key: number }
  | { readonly kind: 'delete' | 'recreate' | 'make-admin' | 'no-admin'; readonly user: number }
  | { readonly kind: 'attach' | 'detach'; readonly user: number; readonly policy: 'enrolment' | 'hold' }
  | { readonly kind: 'owner'; readonly user: number; readonly owner: 'own' | 'other' | 'none' | 'foreign' }
  | { readonly kind: 'exempt' | 'tag-exempt'; readonly user: number; readonly days: number }
  | { readonly kind: 'end-exemption' | 'untag'; readonly user: number }
  | { readonly kind: 'drift' | 'mend'; readonly policy: 'enrolment' | 'hold' }
  | { readonly kind: 'fate'; readonly address: number; readonly fate: Fate }
  | { readonly kind: 'refuse' | 'accept' | 'bounce'; readonly address: number }
  | { readonly kind: 'sandbox' | 'production' }
  | { readonly kind: 'pause'; readonly scope: 'new-denies' | 'all-writes'; readonly hours: number }
  | {
      readonly kind: 'resolve';
      readonly user: number;
      readonly decision: 'confirm' | 'act' | 'exempt';
      readonly days: number;
      readonly fault?: Fault;
    }
  | { readonly kind: 'restore'; readonly back: number; readonly days: number; readonly fault?: Fault };

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
  /** What somebody does while they run, before that request. */
  readonly during?: Moment & { readonly event: Event };
  /** Seconds that each has; else 14 minutes. */
  readonly seconds?: number;
  readonly seed: number;
}

export interface Story {
  readonly undeliverable: 'report' | 'act';
  readonly mfa:
    | {
        readonly action: 'deny-until-mfa';
        readonly activeKeyUsers: 'deny' | 'report';
        readonly enrolAfterDeny: 'hold' | 'alert';
      }
    | { readonly action: 'report' | 'delete-login-profile' };
  readonly maxUsersPerDay: number;
  readonly hardExpiry: boolean;
  readonly tagsExempt: boolean;
  /** How old the first keys are, days. */
  readonly ages: readonly number[];
  readonly episodes: readonly Episode[];
}

const user = fc.nat({ max: 8 });
const key = fc.nat({ max: 1 });
const address = fc.nat({ max: 10 });
const policy = fc.constantFrom('enrolment' as const, 'hold' as const);

const moment: fc.Arbitrary<Moment> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      among: fc.constant('all' as const),
      request: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 12, max: 120 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      among: fc.constantFrom<Among>(
        ...(['write', 'write', 'journal', 'journal', 'mail', 'notify', 'notify', 'limits', 'user', 'account'] as const),
        ...(['answer', 'exemption', 'policies'] as const),
      ),
      request: fc.integer({ min: 1, max: 6 }),
    }),
  },
);

const fault: fc.Arbitrary<Fault> = fc
  .tuple(
    moment,
    fc.nat({ max: 1 }),
    fc.constantFrom<FaultKind>('dies-before', 'dies-after', 'lost-before', 'lost-after', 'throttled', 'denied'),
  )
  .map(([at, worker, kind]) => ({ ...at, worker, fault: kind }));

const faultOfOne = fault.map((one) => ({ ...one, worker: 0 }));

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('enrol', 'enrol', 'take-mfa-off', 'new-password', 'remove-password', 'sign-in'),
    user,
  }),
  fc.record({ kind: fc.constantFrom('deactivate', 'activate', 'activate', 'rotate', 'use'), user, key }),
  fc.record({ kind: fc.constantFrom('delete', 'recreate', 'make-admin', 'no-admin'), user }),
  fc.record({ kind: fc.constantFrom('attach', 'detach'), user, policy }),
  fc.record({ kind: fc.constant('owner'), user, owner: fc.constantFrom('own', 'other', 'none', 'foreign') }),
  fc.record({
    kind: fc.constantFrom('exempt', 'tag-exempt'),
    user,
    days: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({ kind: fc.constantFrom('end-exemption', 'untag'), user }),
  fc.record({ kind: fc.constantFrom('drift', 'mend', 'mend'), policy }),
  fc.record({
    kind: fc.constant('fate'),
    address,
    fate: fc.constantFrom('delivered', 'twice', 'bounced', 'complained', 'late', 'never'),
  }),
  fc.record({ kind: fc.constantFrom('refuse', 'accept', 'bounce'), address }),
  fc.record({ kind: fc.constantFrom('sandbox', 'production', 'production') }),
  fc.record({
    kind: fc.constant('pause'),
    scope: fc.constantFrom('new-denies', 'all-writes'),
    hours: fc.integer({ min: 1, max: 24 }),
  }),
  fc.record(
    {
      kind: fc.constant('resolve' as const),
      user,
      decision: fc.constantFrom('confirm', 'confirm', 'act', 'exempt'),
      days: fc.integer({ min: 1, max: 30 }),
      fault: faultOfOne,
    },
    { requiredKeys: ['kind', 'user', 'decision', 'days'] },
  ),
  fc.record(
    {
      kind: fc.constant('restore' as const),
      back: fc.nat({ max: 2 }),
      days: fc.integer({ min: 1, max: 20 }),
      fault: faultOfOne,
    },
    { requiredKeys: ['kind', 'back', 'days'] },
  ),
);

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
    during: fc.tuple(moment, event).map(([at, what]) => ({ ...at, event: what })),
    seconds: fc.integer({ min: 15, max: 70 }),
    seed: fc.nat(),
  },
  { requiredKeys: ['hours', 'events', 'workers', 'inTurn', 'faults', 'seed'] },
);

const denying: fc.Arbitrary<Story['mfa']> = fc.record({
  action: fc.constant('deny-until-mfa' as const),
  activeKeyUsers: fc.constantFrom('deny' as const, 'report' as const),
  enrolAfterDeny: fc.constantFrom('hold' as const, 'alert' as const),
});

/** A story of a handful of users, over up to 60 days and a little more. */
export const story: fc.Arbitrary<Story> = fc.record({
  undeliverable: fc.constantFrom('report', 'act'),
  mfa: fc.oneof(
    { weight: 6, arbitrary: denying },
    {
      weight: 1,
      arbitrary: fc.record({ action: fc.constantFrom('report' as const, 'delete-login-profile' as const) }),
    },
  ),
  maxUsersPerDay: fc.constantFrom(1_000, 1_000, 2, 1, 0),
  hardExpiry: fc.constantFrom(false, false, true),
  tagsExempt: fc.boolean(),
  ages: fc.array(fc.integer({ min: 40, max: 120 }), { minLength: 6, maxLength: 6 }),
  episodes: fc.array(episode, { minLength: 4, maxLength: 26, size: 'max' }),
});
