import { type Clock, type Instant, toInstant } from '@remedykit/core';
import type { IamCalls } from '../aws/calls.ts';
import { type AuthorizationDetails, gatherDetails } from '../inventory/details.ts';
import { isFresh } from '../inventory/live-for.ts';
import type { AttachedPolicy, IamUser } from '../model/user.ts';

/** A user as the authorization details have it, with what the user has through groups. */
export interface FreshUser {
  readonly user: IamUser;
  readonly groupPolicies: readonly AttachedPolicy[];
  /** When the reading began. */
  readonly readAt: Instant;
}

/** Tags, groups, paths and attached policies, at most 10 minutes old. */
export interface FreshUsers {
  /** `undefined`: the account has no such user any more. */
  get(userId: string): Promise<FreshUser | undefined>;
  /** Requests that were made to read them again. */
  requests(): number;
}

/** What was read first, and how it is read again. */
export interface FreshUsersOptions extends AuthorizationDetails {
  readonly accountId: string;
  readonly calls: IamCalls;
  readonly withGroups: boolean;
  readonly readAt: Instant;
  readonly now: Clock;
}

interface Generation {
  readonly at: Instant;
  readonly users: ReadonlyMap<string, IamUser>;
  readonly groups: ReadonlyMap<string, readonly AttachedPolicy[]>;
}

const generation = (at: Instant, { users, groups }: AuthorizationDetails): Generation => ({
  at,
  users: new Map(users.map((user) => [user.userId, user])),
  groups: new Map(groups.map(({ name, attachedPolicies }) => [name, attachedPolicies])),
});

/**
 * Keeps what the authorization details say of users, and reads all pages again when that is older than 10 minutes: never
 * user by user. A read that fails rejects, and the next one tries again.
 */
export const createFreshUsers = (options: FreshUsersOptions): FreshUsers => {
  const { accountId, calls, withGroups, readAt, now } = options;
  let current = generation(readAt, options);
  let reading: Promise<Generation> | undefined;
  let requests = 0;

  const read = async (): Promise<Generation> => {
    const at = toInstant(now());
    const count = (): number => calls.counts().GetAccountAuthorizationDetails ?? 0;
    const before = count();
    try {
      current = generation(at, await gatherDetails(calls, { accountId, withGroups }));
      return current;
    } finally {
      requests += count() - before;
      reading = undefined;
    }
  };
  const fresh = async (): Promise<Generation> => {
    if (isFresh(current.at, now())) return current;
    reading ??= read();
    return reading;
  };
  return {
    get: async (userId) => {
      const { at, users, groups } = await fresh();
      const user = users.get(userId);
      if (user === undefined) return undefined;
      return { user, groupPolicies: user.groups.flatMap((group) => groups.get(group) ?? []), readAt: at };
    },
    requests: () => requests,
  };
};
