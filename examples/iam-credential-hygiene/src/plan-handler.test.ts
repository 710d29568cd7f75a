import { expect, it } from 'vitest';
import { createHandler } from './plan-handler.ts';
import { context, createTestParts, daysBefore, testSettings } from './testing/test-parts.ts';

it('says who will be warned and whose time is up within 30 days, and mails nobody', async () => {
  const { parts, iam, mailer, messages } = createTestParts();
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(60) }], tags: { email: 'alice@example.com' } });
  iam.addUser({ name: 'old-bridge', path: '/mainframe/', keys: [{ createdAt: daysBefore(800) }] });
  const exemptions = [{ path: '/mainframe/', reason: 'legacy bridge', expires: new Date('2027-03-31') }];
  const plan = createHandler({ ...testSettings, exemptions }, parts);
  const { days, accounts } = await plan({}, context);
  expect(days).toBe(30);
  expect(
    accounts[0]?.cases.map(({ userName, days: due }) => [userName, ...due.map(({ day }) => day.slice(0, 10))]),
  ).toEqual([['alice', '2026-12-21', '2026-12-26', '2026-12-30', '2026-12-31'], ['old-bridge']]);
  expect(accounts[0]?.exempt).toMatchObject([{ userName: 'old-bridge', reason: 'legacy bridge' }]);
  expect([mailer.mails, messages]).toEqual([[], []]);
  const soon = await plan({ days: 5 }, context);
  expect(soon.accounts[0]?.cases.map(({ userName }) => userName)).toEqual(['old-bridge']);
  await expect(plan({ days: 1.5 }, context)).rejects.toMatchObject({ code: 'IAM_PLAN_INVALID' });
});
