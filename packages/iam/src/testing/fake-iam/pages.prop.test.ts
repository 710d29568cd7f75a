import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  GetGroupCommand,
  type GetGroupCommandOutput,
  ListUsersCommand,
  type ListUsersCommandOutput,
} from '@aws-sdk/client-iam';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFakeIam } from './index.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

interface Page {
  readonly names: readonly (string | undefined)[];
  readonly IsTruncated: boolean | undefined;
  readonly Marker: string | undefined;
}

const userNames = fc.uniqueArray(fc.stringMatching(/^[\w+=,.@-]{1,12}$/), {
  selector: (name) => name.toLowerCase(),
  maxLength: 40,
});

/** All names by pages, `between` being called after each. */
const walk = async (
  ask: (Marker: string | undefined) => Promise<Page>,
  between: (page: number) => void = () => undefined,
): Promise<(string | undefined)[]> => {
  const names: (string | undefined)[] = [];
  let Marker: string | undefined;
  for (let page = 0; ; page += 1) {
    const answer = await ask(Marker);
    names.push(...answer.names);
    expect(answer.IsTruncated).toBe(answer.Marker !== undefined);
    if (answer.Marker === undefined) return names;
    Marker = answer.Marker;
    between(page);
  }
};

const walks = (iam: ReturnType<typeof createFakeIam>, MaxItems: number | undefined) => ({
  ListUsers: async (Marker: string | undefined): Promise<Page> => {
    const page: ListUsersCommandOutput = await iam.send(new ListUsersCommand({ MaxItems, Marker }));
    return { names: page.Users?.map((user) => user.UserName) ?? [], ...pick(page) };
  },
  GetAccountAuthorizationDetails: async (Marker: string | undefined): Promise<Page> => {
    const page: GetAccountAuthorizationDetailsCommandOutput = await iam.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], MaxItems, Marker }),
    );
    return { names: page.UserDetailList?.map((user) => user.UserName) ?? [], ...pick(page) };
  },
  GetGroup: async (Marker: string | undefined): Promise<Page> => {
    const page: GetGroupCommandOutput = await iam.send(new GetGroupCommand({ GroupName: 'all', MaxItems, Marker }));
    return { names: page.Users?.map((user) => user.UserName) ?? [], ...pick(page) };
  },
});

const pick = ({ IsTruncated, Marker }: Partial<Omit<Page, 'names'>>) => ({ IsTruncated, Marker });

it('gives every user exactly once, whatever the size of the pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      userNames,
      fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined }),
      fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('ListUsers' as const, 'GetAccountAuthorizationDetails' as const, 'GetGroup' as const),
      async (names, MaxItems, sizes, operation) => {
        let asked = 0;
        // A last page size of more than 0, so that it ends.
        const cycle = [...sizes, 3];
        const pageSize = (): number => {
          asked += 1;
          return cycle[asked % cycle.length] ?? 1;
        };
        const iam = createFakeIam({ pageSize });
        iam.addGroup({ name: 'all' });
        for (const name of names) iam.addUser({ name, groups: ['all'] });
        const walked = await walk(walks(iam, MaxItems)[operation]);
        expect(walked).toHaveLength(names.length);
        expect(new Set(walked)).toEqual(new Set(names));
      },
    ),
    { numRuns },
  );
});

it('leaves nobody out and gives nobody twice who is there all the time, when others come and go', async () => {
  await fc.assert(
    fc.asyncProperty(
      userNames,
      userNames,
      fc.integer({ min: 1, max: 10 }),
      fc.array(fc.nat(), { maxLength: 10 }),
      async (names, more, MaxItems, leaving) => {
        const iam = createFakeIam();
        for (const name of names) iam.addUser({ name });
        const gone = new Set<string>();
        const comers = more.filter((name) => !names.some((one) => one.toLowerCase() === name.toLowerCase()));
        const walked = await walk(walks(iam, MaxItems).ListUsers, (page) => {
          const leaver = names[(leaving[page] ?? 0) % names.length];
          if (leaver !== undefined && leaving[page] !== undefined && !gone.has(leaver)) {
            gone.add(leaver);
            iam.removeUser(leaver);
          }
          const comer = comers[page];
          if (comer !== undefined) iam.addUser({ name: comer });
        });
        expect(new Set(walked).size).toBe(walked.length);
        expect(walked).toEqual(expect.arrayContaining(names.filter((name) => !gone.has(name))));
      },
    ),
    { numRuns },
  );
});

it('gives 100 where nothing is said, and less where a fake is made so', async () => {
  const full = createFakeIam();
  full.addUsers(150, (index) => ({ name: `user-${index}` }));
  expect((await full.send(new ListUsersCommand({}))).Users).toHaveLength(100);
  const small = createFakeIam({ pageSize: 7 });
  small.addUsers(150, (index) => ({ name: `user-${index}` }));
  expect((await small.send(new ListUsersCommand({ MaxItems: 50 }))).Users).toHaveLength(7);
  for (const pageSize of [0, -1, 1.5]) expect(() => createFakeIam({ pageSize })).toThrow(/pageSize/);
});
