import { describe, expect, it } from 'vitest';
import type { Pause } from './control-document.ts';
import { pauseMessage } from './pause-message.ts';

const paused = (changes: Partial<Pause> = {}): Pause => ({
  scope: 'new-denies',
  reason: 'network change window',
  requestedBy: 'a.smith',
  from: '2026-11-24T10:00:00.000Z',
  until: '2026-11-24T12:00:00.000Z',
  ...changes,
});

describe('pauseMessage', () => {
  it('says loudly that no attacker is blocked, who paused, why and until when', () => {
    const message = pauseMessage([paused()], { accountId: '111122223333' });
    expect(message).toMatchObject({
      key: 'pause/111122223333',
      severity: 'high',
      title: 'New denies are PAUSED in account 111122223333',
      undone: true,
      status: 'open',
      at: '2026-11-24T10:00:00.000Z',
    });
    expect(message.body).toEqual([
      'No attacker is blocked meanwhile; denies still end and can be taken out.',
      [{ untrusted: 'a.smith' }, ' paused until 2026-11-24T12:00:00.000Z: ', { untrusted: 'network change window' }],
    ]);
  });

  it('says so when nothing at all is written, and names everybody who paused', () => {
    const message = pauseMessage([paused(), paused({ scope: 'all-writes', requestedBy: 'b.jones' })]);
    expect(message.title).toBe('All writes are PAUSED in every account');
    expect(message.body).toHaveLength(3);
  });

  it('resolves the same matter when writes go on', () => {
    expect(pauseMessage([])).toMatchObject({ key: 'pause/all', severity: 'low', status: 'resolved' });
    expect(pauseMessage([]).undone).toBeUndefined();
  });
});
