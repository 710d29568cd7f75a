import { type Instant, toInstant } from '@remedykit/core';
import { gatherLive } from '../inventory/live.ts';
import { isFresh } from '../inventory/live-for.ts';
import { readLastSignIn } from '../inventory/live-reads.ts';
import type { IamUser, ReportedUser } from '../model/user.ts';
import type { UserMemory } from '../rules/memory.ts';
import type { Suspicion } from '../rules/suspects-of.ts';
import type { AccountContext } from './account-context.ts';
import { type Look, lookAt } from './look.ts';

/** What is read live of one user, at most 10 minutes old. */
export interface LiveUser {
  /** `undefined`: the user is no more. */
  look(): Promise<Look | undefined>;
  /** Ids of active access keys. */
  activeKeys(): Promise<readonly string[]>;
  /** When the user last signed in with a password; absent: never, or nobody knows. */
  lastSignIn(): Promise<Instant | undefined>;
}

/** Reads a user again when what was read is older than 10 minutes. */
export const createLiveUser = (
  context: AccountContext,
  user: IamUser,
  suspicion: Suspicion,
  first: Look,
  memory: () => UserMemory,
): LiveUser => {
  const { now } = context.run.settings;
  const isOld = (readAt: string): boolean => !isFresh(readAt, now());
  let looked: Look | undefined = first;
  let readAt: string = first.readAt;
  let signIn: { readonly readAt: string; readonly at: Instant | undefined } | undefined;
  let keys: { readonly readAt: string; readonly ids: readonly string[] } | undefined;
  return {
    look: async () => {
      if (isOld(readAt)) {
        const at = toInstant(now());
        looked = await lookAt(context, user, suspicion, memory());
        readAt = at;
      }
      return looked;
    },
    activeKeys: async () => {
      if (keys === undefined || isOld(keys.readAt)) {
        const known = looked?.live.accessKeys !== undefined && !isOld(readAt) ? looked.live : undefined;
        const at = known?.readAt ?? toInstant(now());
        const read = known ?? (await readKeys(context, user));
        keys = { readAt: at, ids: (read?.accessKeys ?? []).flatMap(({ id, active }) => (active ? [id] : [])) };
      }
      return keys.ids;
    },
    lastSignIn: async () => {
      if (signIn === undefined || isOld(signIn.readAt)) {
        const at = toInstant(now());
        signIn = { readAt: at, at: await readLastSignIn(context.calls, user.userName) };
      }
      return signIn.at;
    },
  };
};

const readKeys = async ({ calls, run }: AccountContext, user: IamUser) => {
  const read = await gatherLive(calls, user, { accessKeys: true }, { now: run.settings.now });
  return read.kind === 'live' ? read.credentials : undefined;
};

/** Active access keys by the report, which names no ids. */
export const reportedKeys = (reported: ReportedUser | undefined): readonly string[] =>
  (reported?.accessKeys ?? []).flatMap(({ slot, active }) => (active ? [`access key ${slot}`] : []));
