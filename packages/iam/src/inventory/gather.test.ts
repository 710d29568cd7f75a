import {
  GenerateCredentialReportCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetUserCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { IamClient } from '../aws/calls.ts';
import { requiredColumns } from '../credential-report/read-row.ts';
import { gatherInventory, type InventoryOptions, inventoryActions } from './gather.ts';

const now = new Date('2026-11-24T10:00:00Z');
const created = new Date('2026-01-01T00:00:00Z');
const accountId = '111122223333';

interface Someone {
  readonly name: string;
  readonly createdAt?: Date;
  /** Cells of the report. */
  readonly cells?: Readonly<Record<string, string>>;
}

interface World {
  /** As IAM has them live. */
  users: Someone[];
  reported?: readonly Someone[];
  pageSize?: number;
  /** What the account summary counts, one after the other; the last for ever. */
  counts?: number[];
  readonly before?: (action: string) => void;
}

const row = ({ name, createdAt = created, cells = {} }: Someone): string => {
  const plain: Record<string, string> = {
    user: name,
    arn: name === '<root_account>' ? `arn:aws:iam::${accountId}:root` : `arn:aws:iam::${accountId}:user/${name}`,
    user_creation_time: createdAt.toISOString(),
    ...cells,
  };
  return requiredColumns.map((column) => plain[column] ?? (column.endsWith('rotated') ? 'N/A' : 'false')).join(',');
};

const detail = ({ name, createdAt = created }: Someone) => ({
  Path: '/',
  UserName: name,
  UserId: `AIDA${name.toUpperCase()}${createdAt.getTime()}`,
  Arn: `arn:aws:iam::${accountId}:user/${name}`,
  CreateDate: createdAt,
  GroupList: ['people'],
  AttachedManagedPolicies: [{ PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  UserPolicyList: [{ PolicyName: 'own', PolicyDocument: '%7B%7D' }],
  PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${accountId}:policy/limit` },
  Tags: [{ Key: 'owner', Value: 'ada@example.com' }],
});

const group = {
  GroupName: 'people',
  Arn: `arn:aws:iam::${accountId}:group/people`,
  AttachedManagedPolicies: [],
  GroupPolicyList: [{ PolicyName: 'own', PolicyDocument: '%7B%7D' }],
};

/** An IAM with these users; the report was made two hours ago. */
const iamOf = (world: World) => {
  const asked: string[] = [];
  const answer = (command: object): object => {
    if (command instanceof GetAccountSummaryCommand) {
      const counts = world.counts ?? [];
      return { SummaryMap: { Users: (counts.length > 1 ? counts.shift() : counts[0]) ?? world.users.length } };
    }
    if (command instanceof GenerateCredentialReportCommand)
      return {
        State: asked.filter((action) => action === 'GenerateCredentialReport').length > 1 ? 'COMPLETE' : 'STARTED',
      };
    if (command instanceof GetCredentialReportCommand) {
      const rows = [{ name: '<root_account>' }, ...(world.reported ?? world.users)].map(row);
      return {
        Content: new TextEncoder().encode([requiredColumns.join(','), ...rows].join('\n')),
        GeneratedTime: new Date('2026-11-24T08:00:00Z'),
      };
    }
    if (command instanceof GetUserCommand) {
      const user = world.users.find(({ name }) => name === command.input.UserName);
      if (user) return { User: detail(user) };
      throw Object.assign(new Error('gone'), { name: 'NoSuchEntityException', $metadata: { httpStatusCode: 404 } });
    }
    if (!(command instanceof GetAccountAuthorizationDetailsCommand)) throw new Error('unknown command');
    const start = Number(command.input.Marker ?? 0);
    const end = start + Math.min(world.pageSize ?? 1_000, command.input.MaxItems ?? 100);
    const more = end < world.users.length;
    return {
      UserDetailList: world.users.slice(start, end).map(detail),
      ...(command.input.Filter?.includes('Group') && start === 0 ? { GroupDetailList: [group] } : {}),
      IsTruncated: more,
      ...(more ? { Marker: String(end) } : {}),
    };
  };
  const send = async (command: object): Promise<object> => {
    const action = command.constructor.name.replace(/Command$/, '');
    asked.push(action);
    world.before?.(action);
    return answer(command);
  };
  return { iam: { send } as unknown as IamClient, asked };
};

const gather = (world: World, options: Partial<InventoryOptions> = {}) => {
  const { iam, asked } = iamOf(world);
  const work = gatherInventory({ iam, accountId, now: () => now, sleep: async () => {}, random: () => 0, ...options });
  return { work, asked };
};

const people = (count: number): Someone[] =>
  Array.from({ length: count }, (_, index) => ({ name: `user-${index + 1}` }));

describe('gatherInventory', () => {
  it('joins what IAM has of a user with the row of the report', async () => {
    const ada = { name: 'ada', cells: { password_enabled: 'true', mfa_active: 'true' } };
    const inventory = await gather({ users: [ada] }).work;
    expect(inventory).toMatchObject({
      accountId,
      users: [
        {
          user: {
            accountId,
            userName: 'ada',
            arn: `arn:aws:iam::${accountId}:user/ada`,
            path: '/',
            createdAt: '2026-01-01T00:00:00.000Z',
            tags: { owner: 'ada@example.com' },
            groups: ['people'],
            attachedPolicies: [{ name: 'ReadOnlyAccess', arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
            inlinePolicies: ['own'],
            permissionsBoundaryArn: `arn:aws:iam::${accountId}:policy/limit`,
          },
          reported: { userName: 'ada', password: { enabled: true }, mfaActive: true },
        },
      ],
      faults: [],
      groups: [],
      report: { generatedAt: '2026-11-24T08:00:00.000Z', ageMs: 7_200_000, freshness: 'generated' },
      readAt: now.toISOString(),
    });
    expect(JSON.stringify(inventory)).not.toContain('%7B');
  });

  it('I1: user 101 and every later user is there, however small the pages', async () => {
    const { users } = await gather({ users: people(250), pageSize: 30 }).work;
    expect(users.map(({ user }) => user.userName)).toEqual(people(250).map(({ name }) => name));
    expect(users.every(({ reported }) => reported !== undefined)).toBe(true);
  });

  it('I39: 5,000 users cost 8 requests, polls apart', async () => {
    const { work, asked } = gather({ users: people(5_000) });
    const { users, calls } = await work;
    expect(users).toHaveLength(5_000);
    expect(calls).toEqual({ detection: 8, polls: 1 });
    expect(asked).toHaveLength(9);
  });

  it('I5: a user who was created after the report is there, without a row', async () => {
    const fresh = { name: 'new', createdAt: new Date('2026-11-24T09:30:00Z') };
    const { users } = await gather({ users: [{ name: 'ada' }, fresh], reported: [{ name: 'ada' }] }).work;
    expect(users.map(({ user, reported }) => [user.userName, reported !== undefined])).toEqual([
      ['ada', true],
      ['new', false],
    ]);
  });

  it('I14: root is no user', async () => {
    const { users, root } = await gather({ users: [{ name: 'ada' }] }).work;
    expect(users.map(({ user }) => user.userName)).toEqual(['ada']);
    expect(root).toMatchObject({ isRoot: true, arn: `arn:aws:iam::${accountId}:root` });
  });

  it('I20: a user whose row could not be read is there without a row, and the others with theirs', async () => {
    const { users, faults } = await gather({
      users: [{ name: 'ada', cells: { mfa_active: 'maybe' } }, { name: 'bea' }],
    }).work;
    expect(users.map(({ user, reported }) => [user.userName, reported?.userName])).toEqual([
      ['ada', undefined],
      ['bea', 'bea'],
    ]);
    expect(faults).toEqual([
      expect.objectContaining({ userName: 'ada', cells: [{ column: 'mfa_active', value: 'maybe' }] }),
    ]);
  });

  it('I19: an account with users and a report without is no clean account', async () => {
    await expect(gather({ users: people(3), reported: [] }).work).rejects.toMatchObject({
      code: 'CREDENTIAL_REPORT_UNAVAILABLE',
    });
  });

  it('leaves out whom the report has and IAM no longer, at one request each', async () => {
    const { work, asked } = gather({ users: [{ name: 'ada' }], reported: [{ name: 'ada' }, { name: 'left' }] });
    expect((await work).users.map(({ user }) => user.userName)).toEqual(['ada']);
    expect(asked.filter((action) => action === 'GetUser')).toHaveLength(1);
  });

  it('gives no part of an account when the report lacks an older user', async () => {
    await expect(gather({ users: people(2), reported: people(1) }).work).rejects.toMatchObject({
      code: 'INVENTORY_INCONSISTENT',
      retryable: true,
      message: expect.stringContaining('user-2'),
    });
  });

  it('counts once more where somebody came while it was reading', async () => {
    const { work, asked } = gather({ users: people(2), counts: [1, 2] });
    expect((await work).users).toHaveLength(2);
    expect(asked.filter((action) => action === 'GetAccountAuthorizationDetails')).toHaveLength(1);
  });

  it('reads the details once more where the count still differs', async () => {
    const world: World = { users: people(2), reported: people(3), counts: [3] };
    let reads = 0;
    const before = (action: string) => {
      if (action === 'GetAccountAuthorizationDetails') reads += 1;
      if (reads === 2) world.users = people(3);
    };
    expect(
      (
        await gather({
          ...world,
          before,
          get users() {
            return world.users;
          },
        }).work
      ).users,
    ).toHaveLength(3);
  });

  it('aborts when the counts differ after one more read', async () => {
    const { work, asked } = gather({ users: people(2), counts: [3] });
    await expect(work).rejects.toMatchObject({
      code: 'INVENTORY_INCONSISTENT',
      retryable: true,
      message: expect.stringContaining('user-count-differs'),
    });
    expect(asked.filter((action) => action === 'GetAccountAuthorizationDetails')).toHaveLength(2);
  });

  it('aborts for good when the client is of another account', async () => {
    await expect(gather({ users: people(1) }, { accountId: '444455556666' }).work).rejects.toMatchObject({
      code: 'INVENTORY_INCONSISTENT',
      retryable: false,
      message: expect.stringContaining('wrong-account'),
    });
  });

  it('reads groups where they are asked for', async () => {
    const { groups } = await gather({ users: people(1) }, { withGroups: true }).work;
    expect(groups).toEqual([
      { name: 'people', arn: `arn:aws:iam::${accountId}:group/people`, attachedPolicies: [], inlinePolicies: ['own'] },
    ]);
  });

  it('I15: an error of IAM other than absence is an error', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    for (const failing of ['GetAccountSummary', 'GetAccountAuthorizationDetails', 'GetUser']) {
      const before = (action: string) => {
        if (action === failing) throw denied;
      };
      await expect(gather({ users: people(1), reported: people(2), counts: [1], before }).work).rejects.toBe(denied);
    }
  });

  it('needs exactly the actions that it names', async () => {
    const { work, asked } = gather({ users: people(1), reported: people(2) });
    await work;
    expect([...new Set(asked)].map((action) => `iam:${action}`).sort()).toEqual(inventoryActions);
  });

  it.each(['', '1234', 'arn:aws:iam::111122223333:root'])('refuses the account id "%s"', async (id) => {
    const { work, asked } = gather({ users: [] }, { accountId: id });
    await expect(work).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect(asked).toEqual([]);
  });
});
