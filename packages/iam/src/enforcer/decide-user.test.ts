import { expect, it } from 'vitest';
import { addDays } from '../days.ts';
import type { CaseFacts, CredentialPolicy, MailRecord } from '../model/case.ts';
import { decideUser, type UserFacts } from './decide-user.ts';

const day = (count: number): string => addDays('2026-01-01T00:00:00.000Z', count);
const at = (count: number): Date => new Date(day(count));

const policy: CredentialPolicy = {
  rules: { 'key-age': { afterDays: 90, stages: [10, 0] } },
  rolloutDate: day(0),
  minimumWarningDays: 10,
  undeliverable: 'report',
  undeliverableAfterDays: 30,
  securityNoticeDays: 14,
};

const caseOf = (credentialId: string, mails: readonly MailRecord[] = []): CaseFacts => ({
  case: { id: `key-age/${credentialId}`, rule: 'key-age', credentialId, since: day(0), firstSeenAt: day(0) },
  mails,
  recipients: [{ role: 'owner', address: 'alice@example.com', source: 'tag:owner' }],
  failedAddresses: [],
  stopped: [],
});

const user = (...cases: CaseFacts[]): UserFacts => ({
  accountId: '111122223333',
  userId: 'AIDAALICE0000000001',
  userName: 'alice',
  cases,
});

const mail = {
  accountId: '111122223333',
  userId: 'AIDAALICE0000000001',
  caseId: 'key-age/AKIAONE',
  deadline: day(90),
  role: 'owner',
  address: 'alice@example.com',
} as const;

const warned: MailRecord = {
  ...mail,
  schema: 1,
  stage: 10,
  claimedAt: day(80),
  acceptedAt: day(80),
  claim: 'a',
  events: {},
};

it('each case that has a mail due has a step, which names the whole mail and holds while the case is open', () => {
  const plan = decideUser(user(caseOf('AKIAONE'), caseOf('AKIATWO')), policy, at(80));
  expect(plan.steps).toEqual([
    {
      id: 'alice/key-age/AKIAONE/10',
      action: 'warn',
      reason: 'warning-due',
      because: plan.cases[0]?.because,
      precondition: { open: 'key-age/AKIAONE' },
      mail: { ...mail, stage: 10 },
    },
    expect.objectContaining({ id: 'alice/key-age/AKIATWO/10', precondition: { open: 'key-age/AKIATWO' } }),
  ]);
  expect(plan.refused).toEqual([]);
  expect(plan.cases.map(({ caseId, action }) => [caseId, action.kind])).toEqual([
    ['key-age/AKIAONE', 'warn'],
    ['key-age/AKIATWO', 'warn'],
  ]);
});

it('a case for which nothing is due has no step and stands in the plan all the same', () => {
  const plan = decideUser(user(caseOf('AKIAONE')), policy, at(79));
  expect(plan).toMatchObject({
    steps: [],
    refused: [],
    cases: [{ caseId: 'key-age/AKIAONE', action: { kind: 'wait' } }],
  });
});

it('the mail of the day of the deed goes out beside the deed', () => {
  const plan = decideUser(user(caseOf('AKIAONE', [warned])), policy, at(90));
  expect(plan.cases[0]?.action.kind).toBe('act');
  expect(plan.steps).toMatchObject([{ id: 'alice/key-age/AKIAONE/0', mail: { ...mail, stage: 0 } }]);
  // Where it was sent, the deed needs no mail.
  const sent: MailRecord = { ...warned, stage: 0, claimedAt: day(90), acceptedAt: day(90) };
  const again = decideUser(user(caseOf('AKIAONE', [warned, sent])), policy, at(90));
  expect(again).toMatchObject({ steps: [], refused: [], cases: [{ action: { kind: 'act' } }] });
});

it('in a pause every mail that is due is refused with the reason of the pause, and the cases stand where they stand', () => {
  const paused = { reason: 'paused', because: 'a.smith paused.' };
  const facts = user(caseOf('AKIAONE'), caseOf('AKIATWO'));
  const { steps, cases } = decideUser(facts, policy, at(80));
  expect(decideUser({ ...facts, paused }, policy, at(80))).toEqual({
    steps: [],
    refused: steps.map((step) => ({ step, refused: paused })),
    cases,
  });
});
