import type { IAMClient } from '@aws-sdk/client-iam';
import { type Clock, type Duration, seconds } from '@remedykit/core';
import { createTransport, type FakeControls } from '../fake-transport.ts';
import { createCredentialReport, type ReportOptions } from './credential-report.ts';
import { createHandlers } from './handlers.ts';
import { createIdSequence } from './ids.ts';
import { currentUser } from './lookups.ts';
import { createPager, type PageSize } from './pages.ts';
import { createSetup, type FakeIamSetup } from './setup.ts';
import { createStaleness, type StaleReads } from './staleness.ts';
import { type Quotas, toSecond, type World } from './state.ts';
import { createTable } from './table.ts';
import { createThrottle, isRead, type ThrottleRates } from './throttle.ts';
import { type RootView, type UserView, viewRoot, viewUser } from './views.ts';

/** How the fake account differs from the usual one. */
export interface FakeIamOptions {
  /** 111122223333 by default. */
  readonly accountId?: string;
  /** `aws` by default. */
  readonly partition?: string;
  /** The clock of everything: creation, report, throttling, stale reads; the machine's by default. */
  readonly now?: Clock;
  /** Makes up ids after a prefix (`AIDA`, `AKIA`, …); by default the same ones in each run, not ascending with creation. */
  readonly nextId?: (prefix: string) => string;
  /** Managed policies per user: 10 as AWS gives, at most 20. */
  readonly policiesPerUser?: number;
  /** Makes pages smaller than asked for, as IAM may; by operation where it is a function. 0 gives an empty page. */
  readonly pageSize?: PageSize;
  /** How credential reports are made. */
  readonly report?: ReportOptions;
  /** Requests beyond these rates fail with Throttling; none by default. */
  readonly throttle?: ThrottleRates;
  /** How long a login profile that CreateLoginProfile made cannot be changed, in milliseconds; 5 seconds by default. */
  readonly profileSettlesAfterMs?: Duration;
}

/** An IAM account in memory, usable where an `IAMClient` is. */
export interface FakeIam extends FakeControls, FakeIamSetup {
  readonly send: IAMClient['send'];
  readonly accountId: string;
  readonly partition: string;
  /** All users as they are now, whatever reads show, by name. */
  readonly users: readonly UserView[];
  /** One user as it is now; an error when there is none of that name. */
  user(name: string): UserView;
  readonly root: RootView;
  /** Lets reads lag behind the writes to come, as IAM's do; `false` ends it. */
  staleReads(lag: StaleReads): void;
}

const quotasWith = (policiesPerUser: number): Quotas => {
  if (!Number.isInteger(policiesPerUser) || policiesPerUser < 1 || policiesPerUser > 20) {
    throw new Error(
      `policiesPerUser must be a whole number from 1 to 20 (AWS raises it no further), not ${policiesPerUser}.`,
    );
  }
  return {
    users: 5_000,
    accessKeys: 2,
    groupsPerUser: 10,
    policiesPerUser,
    tags: 50,
    mfaDevices: 8,
    signingCertificates: 2,
    sshKeys: 5,
    serviceSpecificPerService: 2,
    policyVersions: 5,
  };
};

const assertOptions = ({ accountId, pageSize }: FakeIamOptions): void => {
  if (accountId !== undefined && !/^\d{12}$/.test(accountId)) {
    throw new Error(`accountId must be 12 digits, not ${JSON.stringify(accountId)}.`);
  }
  if (typeof pageSize === 'number' && !(Number.isInteger(pageSize) && pageSize >= 1)) {
    throw new Error(`pageSize must be a whole number of 1 or more, or a function, not ${pageSize}.`);
  }
};

const userIn = (world: World, input: Readonly<Record<string, unknown>>): string | undefined => {
  if (typeof input.UserName === 'string') return input.UserName;
  return typeof input.AccessKeyId === 'string' ? world.keyOwners.get(input.AccessKeyId) : undefined;
};

/**
 * An account with a root user with MFA and nobody else. It keeps IAM's rules, quotas, pages and error codes for users,
 * groups, managed policies, passwords, access keys and other credentials, and makes credential reports as IAM does. A
 * command that it does not know is an error.
 * @example
 * ```ts
 * import { createFakeIam } from '@remedykit/iam/testing';
 * const iam = createFakeIam({ now: () => new Date('2026-11-24T10:00:00Z') });
 * iam.addUser({ name: 'ana', password: { createdAt: '2026-06-01T08:00:00Z', mfa: 'virtual' } });
 * ```
 */
export const createFakeIam = (options: FakeIamOptions = {}): FakeIam => {
  assertOptions(options);
  const { accountId = '111122223333', partition = 'aws', now = () => new Date(), policiesPerUser = 10 } = options;
  const staleness = createStaleness(now);
  const world: World = {
    accountId,
    partition,
    now,
    nextId: options.nextId ?? createIdSequence(),
    quotas: quotasWith(policiesPerUser),
    profileSettlesAfterMs: options.profileSettlesAfterMs ?? seconds(5),
    users: createTable(staleness),
    groups: createTable(staleness),
    policies: createTable(staleness),
    spareDevices: createTable(staleness),
    namesInLowerCase: new Map(),
    keyOwners: new Map(),
    serials: new Set(),
    root: {
      createdAt: toSecond('2019-03-04T05:06:07Z'),
      mfa: 'virtual',
      keys: [],
      certificates: [],
      hasCredentials: true,
    },
    passwordPolicy: undefined,
  };
  const handlers = createHandlers(world, createPager(options.pageSize), createCredentialReport(world, options.report));
  const transport = createTransport({
    operations: Object.keys(handlers),
    ...(options.throttle === undefined ? {} : { throttle: createThrottle(options.throttle, now) }),
    userIn: (input) => userIn(world, input),
    perform(operation, input) {
      const handler = handlers[operation];
      if (handler === undefined) throw new Error(`The fake iam does not answer ${operation}.`);
      try {
        return handler(input as never);
      } finally {
        if (isRead(operation)) staleness.countRead();
      }
    },
  });

  return {
    ...transport,
    ...createSetup(world),
    staleReads: staleness.staleReads,
    // The SDK's `send` is overloaded by command and callback; this one answers each command in its promise form.
    send: transport.send as IAMClient['send'],
    accountId,
    partition,
    get users() {
      return world.users.all().map(viewUser);
    },
    user: (name) => viewUser(currentUser(world, name)),
    get root() {
      return viewRoot(world.root);
    },
  };
};
