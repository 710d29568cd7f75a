import { hours, minutes } from '@remedykit/core';
import { fakeWorld, sshBruteForceEvent } from '@remedykit/guardduty/testing';
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

const { networkAclId, accountId, region } = fakeWorld;

it('puts back once what vanished; the second time people are told to settle it, and nothing is put back', async () => {
  const { upkeep, ec2, clock, denied, messages } = await set();
  const removed = async () => {
    clock.advance(minutes(20));
    ec2.removeEntry(networkAclId, { ruleNumber: 10 });
    await upkeep({}, context);
  };
  await removed();
  expect(denied('ingress')).toEqual(['198.51.100.7/32']);
  expect(JSON.stringify(messages.at(-1)?.title)).toContain('1 deny put back');
  await removed();
  expect(denied('ingress')).toEqual([]);
  expect(messages.at(-1)).toMatchObject({ severity: 'high', undone: true });
  expect(JSON.stringify(messages.at(-1)?.actions)).toContain('aws_network_acl_rule');
  expect(messages).toHaveLength(3);
  clock.advance(minutes(5));
  await upkeep({}, context);
  expect(messages).toHaveLength(3);
});

it('after a lost table it says which denies nobody knows, in the account and Region of the function', async () => {
  const { upkeep, parts, clock, denied, messages } = await set();
  const { documents } = await parts.store.list('nacl/');
  for (const { key, version } of documents) await parts.store.delete(key, version);
  clock.advance(minutes(5));
  await upkeep({}, context);
  expect(messages).toHaveLength(1);
  const here = { ...context, invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:upkeep` };
  await upkeep({}, here);
  expect(messages).toHaveLength(2);
  expect(JSON.stringify(messages[1]?.body)).toContain('198.51.100.7/32');
  expect(denied('ingress')).toEqual(['198.51.100.7/32']);
  await upkeep({}, here);
  expect(messages).toHaveLength(2);
});
