import { portProbeEvent, sshBruteForceEvent } from '@remedykit/guardduty/testing';
import { describe, expect, it } from 'vitest';
import { createHandler } from './event-handler.ts';
import { context, createTestParts, testSettings } from './testing/test-parts.ts';

const set = () => {
  const test = createTestParts();
  return { ...test, handler: createHandler(testSettings, test.parts), at: test.clock.now() };
};

describe('the EventBridge handler', () => {
  it('denies the attacker of a finding that GuardDuty holds, and tells people', async () => {
    const { handler, guardDuty, denied, messages, at } = set();
    const event = portProbeEvent({ at, addresses: [{ address: '198.51.100.7' }, { address: '203.0.113.9' }] });
    guardDuty.hold(event);
    await handler(event, context);
    expect(denied('ingress')).toEqual(['198.51.100.7/32']);
    expect(messages).toHaveLength(1);
  });

  it('shows each outcome to who wants to see it', async () => {
    const { parts, guardDuty, at } = set();
    const seen: string[] = [];
    const watching = createHandler(testSettings, {
      ...parts,
      onOutcome: ({ threats }) => void seen.push(...threats.map(({ outcome }) => outcome)),
    });
    const event = sshBruteForceEvent({ at });
    guardDuty.hold(event);
    await watching(event, context);
    expect(seen).toEqual(['blocked']);
  });

  it.each([
    ['a PascalCase document', { Id: 'f', Type: 'Recon:EC2/Portscan', AccountId: '111122223333', Service: {} }],
    ['a finding without its severity', { ...sshBruteForceEvent(), detail: { type: 'x', id: 'f' } }],
    ['nothing at all', null],
  ])('G22: %s throws, so that Lambda retries it and it reaches the dead-letter queue', async (_what, event) => {
    const { handler, ec2, messages } = set();
    await expect(handler(event, context)).rejects.toMatchObject({ code: expect.stringMatching(/^(FINDING_|NOT_A_)/) });
    expect(ec2.calls).toEqual({});
    expect(messages).toEqual([]);
  });

  it('tells people first and throws then, when GuardDuty does not hold the finding', async () => {
    const { handler, denied, messages, at } = set();
    const forged = sshBruteForceEvent({ at });
    await expect(handler(forged, context)).rejects.toMatchObject({ code: 'INCOMPLETE', retryable: true });
    expect(messages).toHaveLength(1);
    expect(denied('ingress')).toEqual([]);
  });

  it('throws when nobody could be told, and keeps the deny', async () => {
    const { handler, guardDuty, denied, deliver, messages, at } = set();
    const event = sshBruteForceEvent({ at });
    guardDuty.hold(event);
    deliver({ status: 'deferred', channel: 'test', reason: 'rate limited', retryAfterMs: 1000 });
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'INCOMPLETE' });
    expect(denied('ingress')).toEqual(['198.51.100.7/32']);

    deliver({ status: 'delivered', channel: 'test' });
    await handler(event, context);
    expect(messages, 'the retry tells it').toHaveLength(2);
    expect(denied('ingress')).toEqual(['198.51.100.7/32']);
  });

  it('throws when the channel refuses for good: somebody has to hear that nobody is told', async () => {
    const { handler, guardDuty, denied, deliver, at } = set();
    const event = sshBruteForceEvent({ at });
    guardDuty.hold(event);
    deliver({ status: 'rejected', channel: 'test', reason: 'HTTP 404: no_service' });
    const message = expect.stringContaining('test refused the message: HTTP 404: no_service');
    await expect(handler(event, context)).rejects.toMatchObject({ code: 'INCOMPLETE', message });
    expect(denied('ingress')).toEqual(['198.51.100.7/32']);
  });

  it('writes nothing in a dry run, and tells people what it would do', async () => {
    const { parts, guardDuty, denied, messages, at } = set();
    const event = sshBruteForceEvent({ at });
    guardDuty.hold(event);
    await createHandler({ ...testSettings, mode: 'dry-run' }, parts)(event, context);
    expect(denied('ingress')).toEqual([]);
    expect(messages).toMatchObject([{ preview: true }]);
  });

  it('refuses an attacker in the documentation ranges where no test lifts the gate', async () => {
    const { parts, guardDuty, denied, at } = set();
    const { addressRanges: _, ...production } = parts;
    const event = sshBruteForceEvent({ at });
    guardDuty.hold(event);
    await createHandler(testSettings, production)(event, context);
    expect(denied('ingress')).toEqual([]);
  });
});
