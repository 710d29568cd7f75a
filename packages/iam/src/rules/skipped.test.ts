import { expect, it } from 'vitest';
import { skip, skipReasons } from './skipped.ts';

it('I15: says who is skipped and why, with the detail after the sentence', () => {
  expect(skip('alice', 'read-failed')).toEqual({
    userName: 'alice',
    reason: 'read-failed',
    because: skipReasons['read-failed'],
  });
  expect(skip('alice', 'read-failed', { detail: 'ListAccessKeys: Throttling', rule: 'key-age' })).toEqual({
    userName: 'alice',
    reason: 'read-failed',
    rule: 'key-age',
    because: `${skipReasons['read-failed']} (ListAccessKeys: Throttling)`,
  });
});
