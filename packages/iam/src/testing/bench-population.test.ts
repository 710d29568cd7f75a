import { days } from '@remedykit/core';
import { expect, it } from 'vitest';
import { benchPopulation } from './bench-population.ts';
import { createFakeIam } from './fake-iam/index.ts';

const measuredAt = '2026-11-24T10:00:00.000Z';
const ageOf = (instant: string): number => (Date.parse(measuredAt) - Date.parse(instant)) / days(1);

const populated = (users: number) => {
  const iam = createFakeIam({ now: () => new Date(measuredAt) });
  return { population: benchPopulation(iam, { users, measuredAt }), users: iam.users };
};

it('makes the groups that it promises, disjoint, up to a full account', () => {
  const { population, users } = populated(5_000);
  expect(population).toEqual({ users: 5_000, oldKeys: 500, ageingKeys: 500, withoutMfa: 1_000, compliant: 3_000 });
  const kindsOf = users.map((user) => {
    const ages = user.keys.filter((key) => key.active).map((key) => ageOf(key.createdAt));
    return [
      ages.some((age) => age >= 104) ? 'oldKeys' : '',
      ages.some((age) => age >= 80 && age < 90) ? 'ageingKeys' : '',
      user.password !== undefined && user.mfa.length === 0 && user.keys.length === 0 ? 'withoutMfa' : '',
    ].filter((kind) => kind !== '');
  });
  const count = (kind: string): number => kindsOf.filter((kinds) => kinds.includes(kind)).length;
  expect([count('oldKeys'), count('ageingKeys'), count('withoutMfa')]).toEqual([500, 500, 1_000]);
  expect(Math.max(...kindsOf.map((kinds) => kinds.length))).toBe(1);
});

it('breaks no rule but these: others have MFA with their password, and keys younger than 80 days', () => {
  const { users } = populated(100);
  const others = users.filter((user) => user.mfa.length > 0 || user.keys.some((key) => ageOf(key.createdAt) < 80));
  expect(others).toHaveLength(60);
  expect(others.every((user) => user.password === undefined || user.mfa.length > 0)).toBe(true);
  expect(others.every((user) => user.keys.every((key) => ageOf(key.createdAt) < 80))).toBe(true);
});

it('is all there when a run 14 days before warns, with whom to warn', () => {
  const { users } = populated(100);
  for (const user of users) {
    const instants = [user.createdAt, user.password?.createdAt, ...user.keys.map((key) => key.createdAt)];
    expect(Math.min(...instants.flatMap((at) => (at === undefined ? [] : [ageOf(at)])))).toBeGreaterThan(14);
    expect(user.tags.owner).toBe(`${user.name}@example.com`);
  }
});

it('has ages of 80 to 89 days, each', () => {
  const ages = populated(100)
    .users.flatMap((user) => user.keys.map((key) => ageOf(key.createdAt)))
    .filter((age) => age >= 80 && age < 104);
  expect(ages.toSorted()).toEqual([80, 81, 82, 83, 84, 85, 86, 87, 88, 89]);
});

it('refuses numbers that cannot be parted', () => {
  for (const users of [0, 15, -10, 10.5]) expect(() => populated(users)).toThrow(/multiple of 10/);
});
