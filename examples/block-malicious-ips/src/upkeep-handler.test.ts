import { hours } from '@remedykit/core';
import { sshBruteForceEvent } from '@remedykit/guardduty/testing';
import { expect, it } from 'vitest';
import { createHandler as createEventHandler } from './event-handler.ts';
import { context, createTestParts, testSettings } from './testing/test-parts.ts';
import { createHandler } from './upkeep-handler.ts';

const set = async () => {
  const test = createTestParts();
  const event = sshBruteForceEvent({ at: test.clock.now() });
  test.guardDuty.hold(event);
  await createEventHandler(testSettings, test.parts)(event, context);
  return { ...test, upkeep: createHandler(testSettings, test.parts) };
};

it('takes out what has expired, and tells people; nothing expired, nothing told', async () => {
  const { upkeep, clock, denied, messages } = await set();
  clock.advance(hours(23));
  await upkeep({}, context);
  expect(denied('ingress')).toEqual(['198.51.100.7/32']);
  expect(messages).toHaveLength(1);

  clock.advance(hours(2));
  await upkeep({}, context);
  expect(denied('ingress')).toEqual([]);
  expect(messages).toHaveLength(2);
});

it('throws when a deny could not be taken out, so that the schedule tries again', async () => {
  const { upkeep, ec2, clock, denied } = await set();
  ec2.failNext('DeleteNetworkAclEntry', { code: 'RequestLimitExceeded', times: Number.POSITIVE_INFINITY });
  clock.advance(hours(25));
  await expect(upkeep({}, context)).rejects.toMatchObject({ code: 'INCOMPLETE', retryable: true });
  expect(denied('ingress')).toEqual(['198.51.100.7/32']);
});

it('throws when the channel refuses for good', async () => {
  const { upkeep, clock, deliver } = await set();
  deliver({ status: 'rejected', channel: 'test', reason: 'HTTP 404: no_service' });
  clock.advance(hours(25));
  await expect(upkeep({}, context)).rejects.toMatchObject({ code: 'INCOMPLETE' });
});
