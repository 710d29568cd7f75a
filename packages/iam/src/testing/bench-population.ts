import { days } from '@remedykit/core';
import type { FakeIam } from './fake-iam/index.ts';
import type { Moment } from './fake-iam/new-credentials.ts';
import type { UserToAdd } from './fake-iam/setup-users.ts';

/** What `benchPopulation` fills an account with. */
export interface BenchPopulationOptions {
  /** A multiple of 10; 5,000 is what an account can hold. */
  readonly users: number;
  /** When the measured run is: ages are those at this time. */
  readonly measuredAt: Moment;
}

/** How many users are of each kind; nobody is of two. */
export interface BenchPopulation {
  readonly users: number;
  /** With an active key of at least 104 days, so that it had 90 fourteen days before. 10 %. */
  readonly oldKeys: number;
  /** With an active key of 80 to 89 days. 10 %. */
  readonly ageingKeys: number;
  /** With a password, without MFA and without keys. 20 %. */
  readonly withoutMfa: number;
  /** With whom nothing is wrong: MFA, or a young key, or both. */
  readonly compliant: number;
}

type Part = (index: number, daysBefore: (count: number) => Date) => Partial<UserToAdd>;

const lastUsedIn = (daysBefore: (count: number) => Date) => ({
  at: daysBefore(15),
  service: 'sts',
  region: 'eu-west-1',
});

const oldKey: Part = (index, before) => ({
  keys: [{ createdAt: before(104 + (index % 200)), lastUsed: lastUsedIn(before) }],
});
const ageingKey: Part = (index, before) => ({
  keys: [{ createdAt: before(80 + (Math.floor(index / 10) % 10)), lastUsed: lastUsedIn(before) }],
});
const withoutMfa: Part = (_index, before) => ({
  password: { createdAt: before(300), lastUsed: before(16) },
});
const console: Part = (index, before) => ({
  password: { createdAt: before(400), lastUsed: before(16), mfa: index % 3 === 0 ? 'fido' : 'virtual' },
});
const machine: Part = (index, before) => ({
  keys: [{ createdAt: before(20 + (index % 30)), lastUsed: lastUsedIn(before) }],
});
const both: Part = (index, before) => ({ ...console(index, before), ...machine(index, before) });

/** One kind for each last digit of a user's number. */
const kinds: readonly Part[] = [
  oldKey,
  withoutMfa,
  console,
  machine,
  ageingKey,
  withoutMfa,
  console,
  machine,
  both,
  console,
];

/**
 * Fills an account for a benchmark: 10 % of the users with a key of at least 104 days, 10 % with one of 80 to 89, 20 %
 * console users without MFA and without keys, the others compliant. All have an `owner` tag; nobody is made or changed
 * within the 14 days before the measured run, so that an earlier run can warn.
 */
export const benchPopulation = (
  iam: Pick<FakeIam, 'addUsers'>,
  { users, measuredAt }: BenchPopulationOptions,
): BenchPopulation => {
  if (!(Number.isInteger(users) && users > 0 && users % 10 === 0)) {
    throw new Error(`benchPopulation: users must be a multiple of 10, not ${users}.`);
  }
  const end = new Date(measuredAt).getTime();
  const daysBefore = (count: number): Date => new Date(end - days(count));
  iam.addUsers(users, (index) => {
    const name = `user-${String(index).padStart(5, '0')}`;
    return {
      name,
      createdAt: daysBefore(500),
      tags: { owner: `${name}@example.com` },
      ...kinds[index % 10]?.(index, daysBefore),
    };
  });
  const tenth = users / 10;
  return { users, oldKeys: tenth, ageingKeys: tenth, withoutMfa: 2 * tenth, compliant: 6 * tenth };
};
