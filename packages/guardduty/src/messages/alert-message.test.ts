import { untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { findingTypes } from '../finding-types.ts';
import { parseFinding } from '../parse/index.ts';
import { allFindingEvents } from '../testing/all-finding-events.ts';
import { awsApiCallEvent } from '../testing/api-events.ts';
import { portProbe, sshBruteForce } from '../testing/findings.ts';
import { threatReasons } from '../threats/reasons.ts';
import { alertMessage } from './alert-message.ts';
import { nextSteps } from './alert-message-steps.ts';
import { whatHappened } from './alert-message-what.ts';
import { ownWords, readable, sampleFinding } from './sample-outcomes.ts';

const at = new Date('2026-11-24T10:00:00.000Z');

const factsOf = (message: ReturnType<typeof alertMessage>) =>
  Object.fromEntries(message.facts.map(({ label, value }) => [label, readable(value)]));

/** A message as people read it, for the golden files. */
const shown = (message: ReturnType<typeof alertMessage>): string =>
  [
    readable(message.title),
    `severity ${message.severity}, ${message.status}, at ${message.at}, key ${message.key}`,
    ...message.body.map((text) => `  ${readable(text)}`),
    ...message.facts.map(({ label, value }) => `  ${label}: ${readable(value)}`),
    ...(message.actions ?? []).map(({ text }, index) => `  ${index + 1}. ${readable(text)}`),
    ...message.links.map(({ label, url }) => `  [${label}] ${url}`),
  ].join('\n');

describe('alertMessage', () => {
  it.each(Object.entries(allFindingEvents))('tells of %s as in its golden file', async (name, build) => {
    const message = alertMessage(parseFinding(build({ at, count: 12 })));
    await expect(`${shown(message)}\n`).toMatchFileSnapshot(`__golden__/alert-${name}.txt`);
  });

  it('says what happened, to what, from where, and what to do', () => {
    const message = alertMessage(sshBruteForce({ from: '198.51.100.7', at, severity: 8, count: 31 }));
    expect(readable(message.title)).toBe(
      'SSH passwords are being guessed: i-0a11ce00000000001 from 198.51.100.7 · UnauthorizedAccess:EC2/SSHBruteForce',
    );
    expect(factsOf(message)).toMatchObject({
      Account: '111122223333',
      Region: 'eu-west-1',
      Resource: 'i-0a11ce00000000001',
      'Attacked ports': '22',
      Severity: '8 (high)',
      'First seen': '2026-11-24 09:50 UTC',
      'Last seen': '2026-11-24 10:00 UTC',
      'Times seen': '31',
    });
    expect(message.actions?.map(({ text }) => readable(text))).toEqual(nextSteps['brute-force']);
    expect(message).toMatchObject({
      preview: false,
      status: 'open',
      subject: { accountId: '111122223333', region: 'eu-west-1', type: 'UnauthorizedAccess:EC2/SSHBruteForce' },
      at: expect.stringMatching(/^2026-11-24T/),
      links: [{ url: expect.stringContaining('https://eu-west-1.console.aws.amazon.com/guardduty/') }],
    });
  });

  it('says whose credentials were used', () => {
    const message = alertMessage(parseFinding(awsApiCallEvent({ at, from: '198.51.100.7' })));
    expect(readable(message.title)).toContain('alice from 198.51.100.7');
    expect(factsOf(message)).toMatchObject({ Principal: 'alice (IAMUser, AIDAEXAMPLE0000000001)' });
    const root = { ...sampleFinding(), principal: { type: 'Root' } };
    expect(factsOf(alertMessage(root))).toMatchObject({ Principal: 'Root' });
  });

  it('names every remote address with its country, and counts those behind the tenth', () => {
    const addresses = Array.from({ length: 13 }, (_, index) => ({ address: `198.51.100.${index + 1}`, port: 22 }));
    const finding = portProbe({ at, addresses });
    const { action } = finding;
    if (action?.kind !== 'port-probe') throw new Error('expected a port probe');
    const probes = action.probes.map((probe) => ({ ...probe, remote: { ...probe.remote, country: 'Iceland' } }));
    const message = alertMessage({ ...finding, action: { ...action, probes } });
    const named = factsOf(message)['Remote addresses'];
    expect(named).toContain('198.51.100.1 (Iceland), 198.51.100.2 (Iceland)');
    expect(named).toMatch(/, 198\.51\.100\.10 \(Iceland\), and 3 more$/);
    expect(readable(message.title)).toContain('from 198.51.100.1 and 12 more');
  });

  it.each([
    [3.9, 'low'],
    [4, 'medium'],
    [6.9, 'medium'],
    [7, 'high'],
    [8.9, 'high'],
    [9, 'critical'],
  ])('N17: severity %d is %s', (severity, band) => {
    expect(alertMessage(sampleFinding({ severity })).severity).toBe(band);
  });

  it('is resolved when the finding is archived, and asks for nothing then', () => {
    const message = alertMessage(sshBruteForce({ at, archived: true }));
    expect(message).toMatchObject({ status: 'resolved' });
    expect(message.actions).toBeUndefined();
    expect(readable(message.body[0])).toContain('archived');
  });

  it('keeps key and place across updates, and is newer with each', () => {
    const first = alertMessage(sshBruteForce({ at, count: 1 }));
    const later = alertMessage(sshBruteForce({ at: new Date(at.getTime() + 900_000), count: 2 }));
    const archived = alertMessage(sshBruteForce({ at, count: 1, archived: true }));
    expect(new Set([first.key, later.key, archived.key]).size).toBe(1);
    expect((later.at ?? '') > (first.at ?? '')).toBe(true);
  });

  it('says of a sample that it is one, whatever severity it plays', () => {
    const message = alertMessage(sshBruteForce({ at, sample: true, severity: 9 }));
    expect(message.severity).toBe('low');
    expect(readable(message.title)).toMatch(/^Sample: /);
    expect(message.actions).toBeUndefined();
  });

  it('calls our host the attacker when it is, and never says then that its passwords are guessed', () => {
    const message = alertMessage(sshBruteForce({ at, role: 'ACTOR', from: '198.51.100.7' }));
    expect(readable(message.title)).toMatch(/^Our own host attacks others: /);
    expect(message.actions?.map(({ text }) => readable(text))).toContainEqual(
      expect.stringContaining('AWSSupport-ContainEC2Instance'),
    );
  });

  it('N12: nothing that a finding wrote is among our own words or in a link', () => {
    const evil = '`<!channel> <https://evil.example|Open in AWS console>';
    const message = alertMessage({
      ...sampleFinding({
        id: evil,
        type: evil,
        accountId: evil,
        resourceType: evil,
        title: untrusted(evil),
        description: untrusted(evil),
        instance: { instanceId: evil, interfaces: [] },
        principal: { type: evil, principalId: evil, userName: evil },
      }),
      eventLastSeen: evil,
      action: { kind: 'other', actionType: evil, remotes: [{ ipv4: evil, ipv6: evil, country: evil }] },
      resourceRole: evil,
    });
    const texts = [message.title, ...message.body, ...message.facts.map(({ value }) => value)];
    const all = [...texts, ...(message.actions ?? []).map(({ text }) => text)];
    expect(all.map(readable).join('')).toContain(evil);
    expect(all.map(ownWords).join('')).not.toMatch(/evil|channel/);
    expect(message.facts.map(({ label }) => label).join('')).not.toContain('evil');
    for (const { url } of message.links) expect(new URL(url).host).toBe('eu-west-1.console.aws.amazon.com');
    expect(message.key.length).toBeLessThanOrEqual(255);
  });

  it.each(['aws-eusc', 'constructor'])('N16: has no link where the console of "%s" is not known', (partition) => {
    expect(alertMessage(sampleFinding({ partition })).links).toEqual([]);
  });

  it('makes do with what is the least of a finding', () => {
    const { instance: _, eventLastSeen: __, count: ___, resourceType: ____, ...least } = sampleFinding();
    const message = alertMessage({ ...least, type: 'New:Thing/Happened' });
    expect(readable(message.title)).toBe('Something suspicious was seen · New:Thing/Happened');
    expect(message.body).toEqual([]);
    expect(message.at).toBeUndefined();
    expect(Object.keys(factsOf(message))).toEqual(['Finding type', 'Account', 'Region', 'Severity', 'Finding id']);
  });
});

describe('whatHappened', () => {
  it.each(findingTypes.map(({ type, reason }) => [type, reason] as const))('has a line for %s', (type, reason) => {
    const line = whatHappened(type, reason);
    expect(line).not.toContain('Something suspicious was seen');
    expect(line.length).toBeLessThanOrEqual(70);
  });

  it.each(['constructor', 'toString:EC2/X', 'Impact:valueOf/X', ''])(
    'takes "%s" for a type that is not known',
    (type) => {
      expect(whatHappened(type, undefined)).toMatch(/^(Something suspicious was seen|Somebody may be harming)/);
    },
  );
});

describe('nextSteps', () => {
  it.each(Object.keys(threatReasons))('has steps for %s', (reason) => {
    const steps = Object.entries(nextSteps).find(([name]) => name === reason)?.[1] ?? [];
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) expect(step).toMatch(/^[A-Z].*\.$/);
  });

  it('claims of nobody that he is denied, for nothing acts on an alert', () => {
    expect(JSON.stringify(nextSteps)).not.toMatch(/\bden(y|ied|ies)\b|\bblocked\b/i);
  });
});
