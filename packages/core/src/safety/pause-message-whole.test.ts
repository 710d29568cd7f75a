import { expect, it } from 'vitest';
import { pauseMessage } from './pause-message.ts';

const pause = {
  scope: 'new-denies',
  reason: 'network change window',
  requestedBy: 'a.smith',
  from: '2026-11-24T10:00:00.000Z',
  until: '2026-11-24T12:00:00.000Z',
} as const;

it('a pause of one account is about that account, and one of all about none', () => {
  const common = { preview: false, links: [], facts: [] };
  expect(pauseMessage([pause], { accountId: '111122223333' })).toMatchObject({
    ...common,
    subject: { accountId: '111122223333', type: 'pause' },
  });
  expect(pauseMessage([pause]).subject).toStrictEqual({ type: 'pause' });
});

it('that writes go on is said in full', () => {
  expect(pauseMessage([])).toStrictEqual({
    key: 'pause/all',
    preview: false,
    links: [],
    subject: { type: 'pause' },
    severity: 'low',
    title: 'Writes go on in every account',
    body: [expect.stringMatching(/no pause/i)],
    facts: [],
    status: 'resolved',
  });
});
