import { createJsonLineSink } from '@remedykit/core';
import { expect, it } from 'vitest';
import { replayTrail } from './audit-trail.ts';
import { sshBruteForce } from './findings.ts';
import { createTestBlocker, testTime } from './test-blocker.ts';

const attack = () => sshBruteForce({ from: '198.51.100.7', at: testTime });

it('a record on the standard output that replays to another plan is noticed', async () => {
  const printed = createJsonLineSink();
  const blocker = createTestBlocker({
    audit: (record) => printed({ ...record, plan: { steps: [] } } as typeof record),
  });
  await blocker.block(attack());
  expect(replayTrail()).toContainEqual(expect.stringMatching(/^nacl\/threats .*: /));
});

it('a record of a decider that nobody exports is noticed', async () => {
  const printed = createJsonLineSink();
  const blocker = createTestBlocker({
    audit: (record) => printed({ ...record, decider: 'nacl/other' } as typeof record),
  });
  await blocker.block(attack());
  expect(replayTrail()).toContainEqual(expect.stringContaining('DECIDER_UNKNOWN'));
});

it('records of the explicit sink and of the standard output are taken, and replay', async () => {
  const printed = createTestBlocker({ audit: createJsonLineSink() });
  await printed.block(attack());
  const kept = createTestBlocker();
  await kept.block(attack());
  expect(kept.records.map((record) => 'decider' in record && record.decider)).toEqual(['nacl/entries', 'nacl/threats']);
  expect(replayTrail()).toEqual([]);
});
