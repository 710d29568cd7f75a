import { createRecordingSink } from '@remedykit/core/testing';
import { expect, it } from 'vitest';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import { createTestWorld, daysBefore } from '../testing/test-enforcer.ts';
import type { CredentialRun } from './outcome.ts';

const keyRule = { accessKeys: { warnAtDays: [80], deactivateAtDays: 90 } };

const actionsOf = ({ accounts }: CredentialRun): unknown[] =>
  accounts.flatMap(({ actions }) =>
    [...actions]
      .sort((a, b) => (a.subject < b.subject ? -1 : 1))
      .map(({ subject, action, status, runId, announce }) => ({ subject, action, status, runId, announce })),
  );

/** Two users with an old key who were warned, on the day of the deadline. */
const createWorld = async () => {
  const world = createTestWorld(keyRule);
  for (const name of ['ana', 'bo'])
    world.iam.addUser({ name, tags: { owner: `${name}@example.com` }, keys: [{ createdAt: daysBefore(80) }] });
  await world.enforcer.run();
  for (const mail of world.mailer.mails) await world.enforcer.recordMailEvent(world.mailer.eventOf(mail, 'Delivered'));
  world.goToDay(10);
  return world;
};

it('I25: what a run did that did not come to its end is told by the next one, once', async () => {
  const world = await createWorld();
  const { sink } = createRecordingSink();
  const failing = world.createEnforcer({
    newId: () => 'run-that-dies',
    audit: (record) =>
      'decider' in record && record.decider === 'credentials/guard'
        ? Promise.reject(new Error('disk full'))
        : sink(record),
  });
  await expect(failing.run()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  expect(world.iam.users.flatMap(({ keys }) => keys.map(({ active }) => active))).toEqual([false, false]);

  const next = await world.enforcer.run();
  expect(actionsOf(next)).toEqual(
    ['ana', 'bo'].map((subject) => ({
      subject,
      action: 'deactivate',
      status: 'applied',
      runId: 'run-that-dies',
      announce: true,
    })),
  );
  expect(JSON.stringify(runSummaryMessage(next)?.actions)).toContain('run-that-dies');
  world.goToDay(11);
  expect(actionsOf(await world.enforcer.run())).toEqual([]);
});

it('what a run told is not told again by the next one on that day', async () => {
  const world = await createWorld();
  expect(actionsOf(await world.enforcer.run())).toHaveLength(2);
  expect(actionsOf(await world.enforcer.run())).toEqual([]);
});

it('a forecast says what comes of each case', async () => {
  const world = createTestWorld({
    mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report', enrolAfterDeny: 'hold' },
    breakGlass: ['arn:aws:iam::111122223333:user/glass'],
  });
  const password = { createdAt: daysBefore(100), lastUsed: daysBefore(1) };
  world.iam.addUser({ name: 'ana', keys: [{ createdAt: daysBefore(80) }] });
  world.iam.addUser({ name: 'bo', password });
  world.iam.addUser({ name: 'cleo', password, attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
  world.iam.addUser({ name: 'dan', password, keys: [{ createdAt: daysBefore(5) }] });
  world.iam.addUser({ name: 'glass', password });
  const { accounts } = await world.enforcer.plan({ days: 30 });
  expect(accounts[0]?.cases.map(({ userName, consequence }) => [userName, consequence])).toEqual([
    ['ana', 'act'],
    ['bo', 'act'],
    ['cleo', 'hold'],
    ['dan', 'report'],
    ['glass', 'report'],
  ]);
});
