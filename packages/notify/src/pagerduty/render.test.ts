import { describe, expect, it } from 'vitest';
import { checkPagerDutyEvent } from '../testing/pagerduty-server.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { sampleMessages } from '../testing/sample-messages.ts';
import { renderPagerDutyEvent } from './render.ts';

const routing_key = 'k'.repeat(32);

describe('renderPagerDutyEvent', () => {
  it.each(Object.entries(sampleMessages))('sends %s as in its golden file', async (name, message) => {
    const event = renderPagerDutyEvent(message);
    expect(checkPagerDutyEvent({ routing_key, ...event })).toEqual([]);
    await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`__golden__/${name}.json.txt`);
  });

  it('keeps every fact, even under one label', () => {
    const facts = [1, 2, 3].map((value) => ({ label: 'Port', value: String(value) }));
    const event = renderPagerDutyEvent(sampleMessage({ facts: [...facts, { label: '__proto__', value: 'x' }] }));
    expect(JSON.parse(JSON.stringify(event)).payload.custom_details).toMatchObject({
      Port: '1',
      'Port (2)': '2',
      'Port (3)': '3',
    });
    expect(JSON.stringify(event)).toContain('"__proto__":"x"');
  });

  it('leaves out an instant that is none, which would cost the alert', () => {
    expect(renderPagerDutyEvent(sampleMessage({ at: 'soon' }))).not.toHaveProperty('payload.timestamp');
  });
});
