import { assertComplete } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createTestWorld, daysBefore, lineOf } from '../testing/test-enforcer.ts';

const owner = (name: string) => ({ owner: `${name}@example.com` });

describe('a key that ages', () => {
  it('I32: its owner is mailed at 80, 85, 89 and 90 days, once each, however often the enforcer runs', async () => {
    const { iam, mailer, enforcer, goToDay } = createTestWorld();
    iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(75) }], tags: owner('alice') });
    const mailedOn: Record<number, number> = {};
    for (let day = 0; day <= 20; day += 1) {
      for (const hour of [0, 4]) {
        goToDay(day + hour / 24);
        const before = mailer.mails.length;
        assertComplete(await enforcer.run());
        if (mailer.mails.length > before) mailedOn[75 + day] = (mailedOn[75 + day] ?? 0) + mailer.mails.length - before;
      }
      for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
    }
    expect(mailedOn).toEqual({ 80: 1, 85: 1, 89: 1, 90: 1 });
    expect(mailer.mails.map(lineOf)).toMatchInlineSnapshot(`
      [
        "alice@example.com: Access key AKIA…EACA of alice is due on Friday, 16 January 2026",
        "alice@example.com: Reminder: access key AKIA…EACA of alice is due on Friday, 16 January 2026",
        "alice@example.com: Tomorrow: access key AKIA…EACA of alice is due on Friday, 16 January 2026",
        "alice@example.com: Today: access key AKIA…EACA of alice is due (deadline Friday, 16 January 2026)",
      ]
    `);
  });
});
