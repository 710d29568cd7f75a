import { sshBruteForceEvent } from '@remedykit/guardduty/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { createHandler as createAlertHandler } from './alert-handler.ts';
import { context, createTestTopic, startTestSlack } from './testing/test-parts.ts';
import { createHandler } from './upkeep-handler.ts';
import type { WaitingMetrics } from './waiting-metrics.ts';

const at = new Date('2026-11-24T09:55:00.000Z');
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const set = async () => {
  const { slack, parts, clock } = await startTestSlack();
  closing.push(slack.close);
  const written: WaitingMetrics[] = [];
  const onSchedule = createHandler(parts, { now: clock.now, write: (metrics) => void written.push(metrics) });
  const down = (requests: number): void => {
    for (let request = 0; request < requests; request += 1) slack.failNext({ status: 503 });
  };
  return { slack, clock, written, onSchedule, onAlert: createAlertHandler(parts), down };
};

describe('the upkeep handler', () => {
  it('delivers what waited, in its own time, and says that nothing waits any more', async () => {
    const { slack, clock, written, onSchedule, onAlert, down } = await set();
    down(3);
    await onAlert(sshBruteForceEvent({ at }), context);
    expect(slack.messages()).toEqual([]);
    clock.advance(300_000);
    await onSchedule({}, context);
    expect(slack.messages()).toHaveLength(1);
    expect(written).toMatchObject([{ WaitingMessages: 0, OldestWaitingSeconds: 0 }]);
  });

  it('says how long the oldest waits while Slack is down, for an alarm', async () => {
    const { slack, clock, written, onSchedule, onAlert, down } = await set();
    down(50);
    await onAlert(sshBruteForceEvent({ at }), context);
    clock.advance(1_000_000);
    await onSchedule({}, context);
    expect(slack.messages()).toEqual([]);
    expect(written).toMatchObject([{ WaitingMessages: 1 }]);
    expect(written[0]?.OldestWaitingSeconds).toBeGreaterThanOrEqual(1000);
    expect(JSON.stringify(written[0]?._aws)).toContain('"Namespace":"remedykit"');
  });

  it('has nothing to do where nothing is kept', async () => {
    const { parts } = createTestTopic();
    const written: unknown[] = [];
    await createHandler(parts, { write: (metrics) => void written.push(metrics) })({}, context);
    expect(written).toEqual([]);
  });
});
