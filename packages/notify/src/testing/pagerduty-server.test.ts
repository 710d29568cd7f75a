import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPagerDutyEvent, type PagerDutyServer, startPagerDutyServer } from './pagerduty-server.ts';

const event = {
  routing_key: 'R0UT1NGKEY0000000000000000000000',
  event_action: 'trigger',
  dedup_key: 'd',
  payload: { summary: 's', source: 'x', severity: 'info' },
};

describe('checkPagerDutyEvent', () => {
  it('takes what PagerDuty takes', () => {
    expect(checkPagerDutyEvent(event)).toEqual([]);
    expect(checkPagerDutyEvent({ ...event, payload: { ...event.payload, summary: '😀'.repeat(1024) } })).toEqual([]);
    expect(checkPagerDutyEvent({ ...event, event_action: 'resolve', payload: undefined })).toEqual([]);
  });

  it.each([
    ['no event', 'text'],
    ['a short key', { ...event, routing_key: 'k' }],
    ['another action', { ...event, event_action: 'close' }],
    ['a dedup key of 256', { ...event, dedup_key: 'k'.repeat(256) }],
    ['a resolve without a dedup key', { ...event, event_action: 'resolve', dedup_key: undefined }],
    ['no payload', { ...event, payload: undefined }],
    ['a summary of 1,025', { ...event, payload: { ...event.payload, summary: 's'.repeat(1025) } }],
    ['no source', { ...event, payload: { ...event.payload, source: '' } }],
    ['another severity', { ...event, payload: { ...event.payload, severity: 'high' } }],
    ['a time that is none', { ...event, payload: { ...event.payload, timestamp: 'soon' } }],
    ['a link that is none', { ...event, links: [{ href: 'javascript:1' }] }],
  ])('does not take %s', (_what, faulty) => {
    expect(checkPagerDutyEvent(faulty)).not.toEqual([]);
  });
});

describe('startPagerDutyServer', () => {
  let server: PagerDutyServer;
  beforeEach(async () => {
    server = await startPagerDutyServer({ ratePerSecond: 2, now: () => new Date(0) });
  });
  afterEach(() => server.close());

  const post = async (body: object): Promise<{ status: number; answer: unknown }> => {
    const response = await fetch(server.endpoint, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  };

  it('answers as PagerDuty does, and limits the rate', async () => {
    expect(server.routingKey).toBe(event.routing_key);
    expect(await post(event)).toMatchObject({ status: 202, answer: { status: 'success', dedup_key: 'd' } });
    expect(await post(event)).toMatchObject({ status: 429, answer: { status: 'throttle exceeded' } });
    server.reset();
    expect(await post({ ...event, event_action: 'none' })).toMatchObject({
      status: 400,
      answer: { status: 'invalid event' },
    });
    expect(await post({ ...event, routing_key: 'k'.repeat(32) })).toMatchObject({ status: 400 });
    expect(await post({ ...event, payload: { ...event.payload, custom_details: 'x'.repeat(512_000) } })).toMatchObject({
      status: 413,
    });
    expect(server.events).toEqual([]);
  });

  it('does not resolve an alert that there is not', async () => {
    expect(await post({ ...event, event_action: 'resolve' })).toMatchObject({ status: 202 });
    expect(server.alerts.size).toBe(0);
  });
});
