import { describe, expect, it } from 'vitest';
import { decideInventory, type Identity, type InventoryFacts, mostRereads } from './decide-inventory.ts';

const before = '2026-01-01T00:00:00.000Z';
const generatedAt = '2026-11-24T08:00:00.000Z';
const after = '2026-11-24T09:00:00.000Z';

const identity = (userName: string, createdAt = before, path = '/'): Identity => ({
  userName,
  arn: `arn:aws:iam::111122223333:user${path}${userName}`,
  createdAt,
});

/** A row that could not be read. */
const fault = (userName: string, arn = identity(userName).arn) => ({ userName, arn });

const decide = (facts: Partial<InventoryFacts> & Pick<InventoryFacts, 'users' | 'reported'>) =>
  decideInventory({
    accountId: '111122223333',
    countedUsers: facts.users.length,
    generatedAt,
    rereads: [],
    ...facts,
  });

const ok = (matched: [number, number][], gone: number[] = []) => ({
  kind: 'ok',
  matched: new Map(matched),
  gone: new Set(gone),
});

const aborted = (...reasons: string[]) =>
  expect.objectContaining({ kind: 'abort', reasons: reasons.map((reason) => expect.objectContaining({ reason })) });

describe('decideInventory', () => {
  it('matches users and rows that agree, in whatever order', () => {
    expect(decide({ users: [identity('ada'), identity('bea')], reported: [identity('bea'), identity('ada')] })).toEqual(
      ok([
        [0, 1],
        [1, 0],
      ]),
    );
  });

  it('agrees on an account without users', () => {
    expect(decide({ users: [], reported: [] })).toEqual(ok([]));
  });

  it('I5: a user who was created after the report is in the inventory without a row', () => {
    expect(decide({ users: [identity('ada'), identity('new', after)], reported: [identity('ada')] })).toEqual(
      ok([[0, 0]]),
    );
  });

  it('I5: a user who was created while the report was made may be absent, one of an hour before may not', () => {
    const users = (createdAt: string) => [identity('new', createdAt)];
    expect(decide({ users: users('2026-11-24T07:50:00.000Z'), reported: [] })).toEqual(ok([]));
    expect(decide({ users: users('2026-11-24T07:00:00.000Z'), reported: [] })).toEqual({
      kind: 'reread',
      userNames: ['new'],
    });
  });

  it('I5: the quarter of an hour before the report begins with its first moment', () => {
    const since = '2026-11-24T07:45:00.000Z';
    expect(decide({ users: [identity('new', since)], reported: [] })).toEqual(ok([]));
    // Whoever has the name since then is another: the one of the row is gone.
    const facts = { users: [], reported: [identity('left')] };
    expect(decide({ ...facts, rereads: [{ userName: 'left', createdAt: since }] })).toEqual(ok([]));
  });

  it('a row that could not be read says whose it is, by its name or its ARN, and not since when', () => {
    const users = [identity('ada')];
    expect(decide({ users, reported: [identity('ada'), fault('ada', '')] })).toEqual(ok([[0, 0]]));
    const facts = { users, reported: [identity('ada'), fault('left', '')] };
    expect(decide({ ...facts, rereads: [{ userName: 'left', createdAt: null }] })).toEqual(ok([[0, 0]]));
    expect(decide({ ...facts, rereads: [{ userName: 'left', createdAt: after }] })).toEqual(
      aborted('details-incomplete'),
    );
  });

  it('a row of a user who is there explains no other who was made in the same second', () => {
    const rereads = ['ada', 'left'].map((userName) => ({ userName, createdAt: before }));
    expect(decide({ users: [identity('ada')], reported: [identity('left')], rereads })).toEqual(
      aborted('details-incomplete', 'report-incomplete'),
    );
  });

  it('takes part of a second for nothing: the report may not have it', () => {
    const created = '2026-01-01T00:00:00.900Z';
    expect(decide({ users: [identity('ada', created)], reported: [identity('ada')] })).toEqual(ok([[0, 0]]));
  });

  it('asks for what differs, once, then takes a user who is gone for gone', () => {
    const facts = { users: [identity('ada')], reported: [identity('ada'), identity('left')] };
    expect(decide(facts)).toEqual({ kind: 'reread', userNames: ['left'] });
    expect(decide({ ...facts, rereads: [{ userName: 'left', createdAt: null }] })).toEqual(ok([[0, 0]]));
  });

  it('aborts when the details lack a user who exists', () => {
    const facts = { users: [identity('ada')], reported: [identity('ada'), identity('bea')] };
    expect(decide({ ...facts, rereads: [{ userName: 'bea', createdAt: before }] })).toEqual(
      aborted('details-incomplete'),
    );
  });

  it('aborts when the report lacks a user who exists and is older', () => {
    const facts = { users: [identity('ada'), identity('bea')], reported: [identity('ada')] };
    expect(decide(facts)).toEqual({ kind: 'reread', userNames: ['bea'] });
    const decision = decide({ ...facts, rereads: [{ userName: 'bea', createdAt: before }] });
    expect(decision).toEqual(aborted('report-incomplete'));
    expect(decision).toMatchObject({ retryable: true });
  });

  it('leaves out a user whom the report lacks and who is gone by now', () => {
    const facts = { users: [identity('ada'), identity('bea')], reported: [identity('ada')] };
    expect(decide({ ...facts, rereads: [{ userName: 'bea', createdAt: null }] })).toEqual(ok([[0, 0]], [1]));
  });

  it('does not take the row of a former user for that of a new one of the same name', () => {
    const facts = { users: [identity('ada', after)], reported: [identity('ada', before)] };
    expect(decide(facts)).toEqual({ kind: 'reread', userNames: ['ada'] });
    expect(decide({ ...facts, rereads: [{ userName: 'ada', createdAt: after }] })).toEqual(ok([]));
  });

  it('aborts when one name has two times of creation that both are before the report', () => {
    const other = '2026-02-01T00:00:00.000Z';
    const facts = { users: [identity('ada', other)], reported: [identity('ada')] };
    expect(decide({ ...facts, rereads: [{ userName: 'ada', createdAt: other }] })).toEqual(
      aborted('details-incomplete', 'report-incomplete'),
    );
  });

  it('takes an old name that is gone and a new one of the same second for a user who was renamed', () => {
    const facts = { users: [identity('bea-new')], reported: [identity('bea-old')] };
    const rereads = [
      { userName: 'bea-new', createdAt: before },
      { userName: 'bea-old', createdAt: null },
    ];
    expect(decide({ ...facts, rereads })).toEqual(ok([]));
    const two = { ...facts, users: [identity('bea-new'), identity('cleo')] };
    expect(decide({ ...two, rereads: [...rereads, { userName: 'cleo', createdAt: before }] })).toEqual(
      aborted('report-incomplete'),
    );
  });

  it('knows a user whose path has changed', () => {
    expect(decide({ users: [identity('ada', before, '/moved/')], reported: [identity('ada')] })).toEqual(ok([[0, 0]]));
  });

  it('I20: a row that could not be read accounts for its user, by name or by ARN', () => {
    const users = [identity('ada'), identity('bea')];
    expect(decide({ users, reported: [identity('bea'), fault('ada', '')] })).toEqual(
      ok([
        [0, 1],
        [1, 0],
      ]),
    );
    expect(decide({ users, reported: [identity('bea'), fault('', identity('ada').arn)] })).toEqual(
      ok([
        [0, 1],
        [1, 0],
      ]),
    );
  });

  it("I20: a row with somebody else's name accounts for the user of its ARN", () => {
    const users = [identity('ada'), identity('bea')];
    const reported = [fault('bea'), fault('bea', identity('ada').arn)];
    expect(decide({ users, reported })).toEqual(
      ok([
        [0, 1],
        [1, 0],
      ]),
    );
  });

  it('I20: a row that comes twice accounts for one user', () => {
    expect(decide({ users: [identity('ada')], reported: [fault('ada'), fault('ada')] })).toEqual(ok([[0, 1]]));
  });

  it('aborts for a row of which nobody can say whose it is', () => {
    expect(decide({ users: [identity('ada')], reported: [identity('ada'), fault('', '')] })).toEqual(
      aborted('details-incomplete'),
    );
  });

  it('aborts when the counts differ, whatever the names', () => {
    const decision = decide({ users: [identity('ada')], reported: [identity('ada')], countedUsers: 2 });
    expect(decision).toEqual(aborted('user-count-differs'));
    expect(decision).toMatchObject({ retryable: true });
  });

  it.each([
    { users: [{ ...identity('ada'), arn: 'arn:aws:iam::444455556666:user/ada' }] },
    { reported: [{ ...identity('ada'), arn: 'arn:aws:iam::444455556666:user/ada' }] },
    { rootArn: 'arn:aws:iam::444455556666:root' },
  ])('aborts for good when an answer is of another account', (facts) => {
    const decision = decide({ users: [identity('ada')], reported: [identity('ada')], ...facts });
    expect(decision).toEqual(aborted('wrong-account'));
    expect(decision).toMatchObject({ retryable: false });
  });

  it('does not look into more differences than single users explain', () => {
    const users = Array.from({ length: mostRereads + 1 }, (_, index) => identity(`user-${index}`));
    expect(decide({ users, reported: [] })).toEqual(aborted('report-differs'));
    expect(decide({ users: users.slice(1), reported: [] })).toMatchObject({ kind: 'reread' });
  });
});

describe('an abort', () => {
  it('of another account names three of what it was answered, and says that there are more', () => {
    const told = (count: number) => {
      const users = Array.from({ length: count }, (_, n) => ({
        ...identity(`u${n}`),
        arn: `arn:aws:iam::444455556666:user/u${n}`,
      }));
      const decision = decide({ users, reported: [] });
      return decision.kind === 'abort' ? decision.reasons[0]?.because : undefined;
    };
    expect(told(3)).toMatch(/user\/u0, arn\S+u1, arn\S+u2\.$/);
    expect(told(4)).toMatch(/u2, …\.$/);
  });

  it('for more differences than are looked into is worth another try', () => {
    const reported = Array.from({ length: mostRereads + 1 }, (_, n) => identity(`u${n}`));
    expect(decide({ users: [], reported })).toMatchObject({ retryable: true, reasons: [{ reason: 'report-differs' }] });
  });
});

it('a name that no user can have is not asked about', () => {
  for (const userName of ['<root>', 'a b', 'ada/', '*ada', 'a'.repeat(65)])
    expect(decide({ users: [], reported: [identity(userName)] })).toEqual(aborted('details-incomplete'));
});
