import { addTo, type Duration, type Instant, minutes, type Reason } from '@remedykit/core';

/** A user by what both sources name. */
export interface Identity {
  readonly userName: string;
  readonly arn: string;
  readonly createdAt: Instant;
}

/** A row of the report; one that could not be read has no time of creation. */
export interface ReportedIdentity {
  readonly userName: string;
  readonly arn: string;
  readonly createdAt?: Instant;
}

/** What IAM says of one user name now: when its user was created, or that there is none. */
export interface Reread {
  readonly userName: string;
  readonly createdAt: Instant | null;
}

/** All that the cross-check needs. Plain JSON. */
export interface InventoryFacts {
  readonly accountId: string;
  /** Of the account summary, read again where it differed from the details. */
  readonly countedUsers: number;
  /** Of the authorization details. */
  readonly users: readonly Identity[];
  /** Of the report, root apart, rows that could not be read included. */
  readonly reported: readonly ReportedIdentity[];
  /** ARN of the report's root row, if it has one. */
  readonly rootArn?: string;
  readonly generatedAt: Instant;
  readonly rereads: readonly Reread[];
}

/** What the cross-check came to. */
export type InventoryDecision =
  /** `matched`: the index of the report's row by the index of the user; `gone`: users whom a re-read no longer found. */
  | { readonly kind: 'ok'; readonly matched: ReadonlyMap<number, number>; readonly gone: ReadonlySet<number> }
  /** These names must be read once more before anything can be said. */
  | { readonly kind: 'reread'; readonly userNames: readonly string[] }
  /** The sources contradict each other: nobody may be acted on. */
  | { readonly kind: 'abort'; readonly reasons: readonly Reason[]; readonly retryable: boolean };

/** More differences than this are no matter of single users, and are not looked into one by one. */
export const mostRereads = 100;

// A large account's report takes minutes to make, and IAM is eventually consistent: a user who was created shortly before
// the report may be absent.
const margin: Duration = minutes(15);

/**
 * Whether report, authorization details and account summary speak of the same users, or differ by what time explains: a
 * user who is not in the report was created after it, was renamed since, or is gone by now; a user who is only in the
 * report is gone. A report names no user id, so name and second of creation tell who is who: of a name that was given
 * anew, the row is somebody else's. Pure.
 */
export const decideInventory = (facts: InventoryFacts): InventoryDecision => {
  const foreign = foreignArns(facts);
  if (foreign.length > 0)
    return abort(
      false,
      'wrong-account',
      `Account ${facts.accountId} was asked for, the answers are of ${list(foreign)}.`,
    );
  if (facts.users.length !== facts.countedUsers)
    return abort(
      true,
      'user-count-differs',
      `The authorization details have ${facts.users.length} users, the account summary counts ${facts.countedUsers}.`,
    );

  const { matched, onlyUsers, onlyReported } = join(facts);
  const since = addTo(facts.generatedAt, -margin);
  const unexplained = onlyUsers.filter(({ user }) => user.createdAt < since);
  const names = new Set([
    ...unexplained.map(({ user }) => user.userName),
    ...onlyReported.map(({ userName }) => userName),
  ]);
  if (names.size > mostRereads)
    return abort(true, 'report-differs', `Report and authorization details differ by ${names.size} users.`);

  const rereads = new Map(facts.rereads.map((reread) => [reread.userName, reread.createdAt]));
  const unread = [...names].filter((name) => isUserName(name) && !rereads.has(name));
  if (unread.length > 0) return { kind: 'reread', userNames: unread };

  // What IAM has under this name now is not the one that is looked for.
  const isGone = ({ userName, createdAt }: ReportedIdentity): boolean => {
    const live = rereads.get(userName);
    if (live === undefined) return false;
    return live === null || (live >= since && createdAt !== undefined && !sameSecond(live, createdAt));
  };
  const goneRows = onlyReported.filter(isGone);
  const reasons: Reason[] = onlyReported
    .filter((row) => !isGone(row))
    .map(({ userName, arn }) => ({
      reason: 'details-incomplete',
      because: `${userName || arn || 'A row without a name'} is in the report, and not in the authorization details.`,
    }));
  const gone = new Set<number>();
  const renamed = goneRows.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [second(createdAt)]));
  for (const { user, index } of unexplained) {
    const before = renamed.indexOf(second(user.createdAt));
    if (isGone(user)) gone.add(index);
    else if (before >= 0) renamed.splice(before, 1);
    else
      reasons.push({
        reason: 'report-incomplete',
        because: `${user.userName} was created at ${user.createdAt} and is not in the report of ${facts.generatedAt}.`,
      });
  }
  return reasons.length > 0 ? { kind: 'abort', reasons, retryable: true } : { kind: 'ok', matched, gone };
};

const abort = (retryable: boolean, reason: string, because: string): InventoryDecision => ({
  kind: 'abort',
  reasons: [{ reason, because }],
  retryable,
});

const list = (names: readonly string[]): string => names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');

const foreignArns = ({ accountId, users, reported, rootArn }: InventoryFacts): string[] =>
  [...users, ...reported, ...(rootArn === undefined ? [] : [{ arn: rootArn }])]
    .map(({ arn }) => arn)
    // A row that could not be read may have no ARN.
    .filter((arn) => arn.startsWith('arn:') && arn.split(':')[4] !== accountId);

const second = (instant: Instant): string => instant.slice(0, 19);
const sameSecond = (one: Instant, other: Instant): boolean => second(one) === second(other);

/** Names that IAM can be asked about. Source: IAM API reference, `GetUser`. */
const isUserName = (name: string): boolean => /^[\w+=,.@-]{1,64}$/.test(name);

interface Joined {
  readonly matched: ReadonlyMap<number, number>;
  readonly onlyUsers: readonly { readonly user: Identity; readonly index: number }[];
  readonly onlyReported: readonly ReportedIdentity[];
}

const join = ({ users, reported }: InventoryFacts): Joined => {
  // By ARN first: a name that could not be read may be somebody else's. By name, for an ARN changes with the path.
  const byArn = new Map(reported.flatMap(({ arn }, index) => (arn === '' ? [] : [[arn, index] as const])));
  const byName = new Map(reported.map(({ userName }, index) => [userName, index]));
  const matched = new Map<number, number>();
  for (const [index, user] of users.entries()) {
    const at = byArn.get(user.arn) ?? byName.get(user.userName);
    const row = at === undefined ? undefined : reported[at];
    if (at === undefined || row === undefined) continue;
    if (row.createdAt === undefined || sameSecond(row.createdAt, user.createdAt)) matched.set(index, at);
  }
  const taken = new Set(matched.values());
  const known = new Set(users.flatMap(({ userName, arn }) => [userName, arn]));
  // A row that could not be read says only whose it is; one that comes twice was matched once.
  const isKnown = (row: ReportedIdentity): boolean =>
    row.createdAt === undefined && (known.has(row.userName) || known.has(row.arn));
  return {
    matched,
    onlyUsers: users.map((user, index) => ({ user, index })).filter(({ index }) => !matched.has(index)),
    onlyReported: reported.filter((row, index) => !taken.has(index) && !isKnown(row)),
  };
};
