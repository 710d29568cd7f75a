import { untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { ThreatResult } from '../nacl/outcome.ts';
import { findingMessage } from './finding-message.ts';
import {
  ownWords,
  readable,
  sampleBlock,
  sampleEntry,
  sampleFinding,
  sampleThreat,
  sampleThreatOutcome,
} from './sample-outcomes.ts';

const messageOf = (...args: Parameters<typeof sampleBlock>) => {
  const message = findingMessage(sampleBlock(...args));
  if (message === undefined) throw new Error('expected a message');
  return message;
};

const factsOf = (message: ReturnType<typeof messageOf>) =>
  Object.fromEntries(message.facts.map(({ label, value }) => [label, readable(value)]));

describe('findingMessage', () => {
  it('says what is blocked where, on which ports, for which subnets and until when', () => {
    const message = messageOf([sampleThreatOutcome()]);
    expect(readable(message.title)).toBe('Blocked 198.51.100.7/32 · UnauthorizedAccess:EC2/SSHBruteForce');
    expect(message.body.map(readable)).toEqual([
      'Blocked 198.51.100.7/32. It tried to log in by SSH.\nDenied in:\n• acl-1, rule 10: inbound TCP, port 22 (subnet-1, subnet-2), until 2026-11-25 10:00 UTC',
    ]);
    expect(factsOf(message)).toEqual({
      'Finding type': 'UnauthorizedAccess:EC2/SSHBruteForce',
      Account: '111122223333',
      Region: 'eu-west-1',
      Instance: 'i-0123456789abcdef0',
      'Network ACLs': 'acl-1',
      Severity: '2',
      'Last seen': '2026-11-24 10:00 UTC',
      'Times seen': '12',
      'Finding id': '4ec1f0c2a1b0c7d8e9f00112233445566',
    });
    expect(message).toMatchObject({
      key: '111122223333/eu-west-1/4ec1f0c2a1b0c7d8e9f00112233445566',
      severity: 'low',
      preview: false,
      links: [{ url: expect.stringContaining('eu-west-1.console.aws.amazon.com') }],
    });
  });

  it('says who denies what has no place in a network ACL, until when, and who does not', () => {
    const overflow = (['blocked', 'already-blocked', 'planned', 'not-blocked', 'failed'] as const).map((status, n) => {
      const { ruleNumber: _, ...where } = sampleEntry({ cidr: `198.51.100.${n}/32` });
      return { ...where, by: 'edge', whose: 'evicted', status, reason: 'overflow', because: 'It said so.' } as const;
    });
    const body = readable(messageOf([sampleThreatOutcome({ overflow })]).body[0]);
    expect(body.split('\n').slice(-6)).toEqual([
      'Handed over, for a network ACL has no place:',
      '• 198.51.100.0/32: acl-1, inbound TCP, port 22, denied by edge, until 2026-11-25 10:00 UTC',
      '• 198.51.100.1/32: acl-1, inbound TCP, port 22, denied already by edge, until 2026-11-25 10:00 UTC',
      '• 198.51.100.2/32: acl-1, inbound TCP, port 22, would be handed to edge, until 2026-11-25 10:00 UTC',
      '• 198.51.100.3/32: acl-1, inbound TCP, port 22, NOT denied by edge. It said so.',
      '• 198.51.100.4/32: acl-1, inbound TCP, port 22, NOT known to be denied by edge. It said so.',
    ]);
  });

  it('names all ports, ranges, protocols and directions', () => {
    const { ports: _, ...withoutPorts } = sampleEntry({ egress: true, protocol: '-1' });
    const entries = [
      withoutPorts,
      sampleEntry({ protocol: '17', ports: { from: 5000, to: 5010 } }),
      sampleEntry({ subnetIds: [] }),
    ];
    const body = readable(messageOf([sampleThreatOutcome({ entries })]).body[0]);
    expect(body).toContain('outbound all traffic (');
    expect(body).toContain('inbound UDP, ports 5000 to 5010 (');
    expect(body).toContain('(no subnet)');
  });

  it('is nothing when nothing is new', () => {
    expect(
      findingMessage(sampleBlock([sampleThreatOutcome({ outcome: 'unchanged', announce: false })])),
    ).toBeUndefined();
    const escalated = sampleThreatOutcome({ outcome: 'escalated', entries: [], announce: false });
    expect(findingMessage(sampleBlock([escalated], { escalate: true }))).toBeUndefined();
    expect(findingMessage(sampleBlock([]))).toBeUndefined();
  });

  it.each<ThreatResult>(['not-blocked', 'ineffective', 'failed'])(
    'what is %s comes first, and is at least high',
    (outcome) => {
      const message = messageOf(
        [
          sampleThreatOutcome(),
          sampleThreatOutcome({
            threat: sampleThreat({ address: '203.0.113.9/32' }),
            outcome,
            reason: 'no-room',
            because: 'There is no rule number left.',
            entries: [sampleEntry({ networkAclId: 'acl-2' })],
            missing: [{ networkAclId: 'acl-3', egress: true, reason: 'no-room', because: 'All are taken.' }],
          }),
        ],
        { escalate: true },
      );
      expect(message.severity).toBe('high');
      expect(readable(message.title)).toMatch(
        /^NOT BLOCKED: 203\.0\.113\.9\/32; Blocked 198\.51\.100\.7\/32; A person must look · /,
      );
      expect(readable(message.body[0])).toBe(
        'NOT BLOCKED: 203.0.113.9/32 (no-room). There is no rule number left.\nNot denied in:\n• acl-3, outbound: no-room. All are taken.\nDenied in:\n• acl-2, rule 10: inbound TCP, port 22 (subnet-1, subnet-2), until 2026-11-25 10:00 UTC',
      );
      expect(readable(message.body[1])).toMatch(/^A person must look/);
      expect(readable(message.body[2])).toMatch(/^Blocked 198/);
    },
  );

  it('keeps a critical finding critical when it is not blocked', () => {
    const finding = sampleFinding({ severity: 9 });
    expect(messageOf([sampleThreatOutcome({ outcome: 'not-blocked' })], { finding }).severity).toBe('critical');
  });

  it.each([
    ['paused', true],
    ['control-unreadable', true],
    ['account-not-listed', false],
    ['a-reason-of-tomorrow', true],
    ['allow-listed', false],
    ['own-address', false],
    ['partner-listed', false],
    ['aws-service-range', false],
    ['management-account', true],
    ['suppressed', false],
  ])('a refusal for "%s" is told as not blocked: %s', (reason, loud) => {
    const message = messageOf([sampleThreatOutcome({ outcome: 'refused', reason, entries: [] })]);
    expect(readable(message.title).startsWith('NOT BLOCKED')).toBe(loud);
    expect(readable(message.body[0])).toContain(
      loud ? `NOT BLOCKED: 198.51.100.7/32 (${reason})` : `Left alone: 198.51.100.7/32 (${reason})`,
    );
    expect(message.severity).toBe(loud ? 'high' : 'low');
  });

  it('says of a sample that it was one and that nothing was done, at low severity', () => {
    const finding = sampleFinding({ sample: true, severity: 8 });
    const message = messageOf([sampleThreatOutcome({ outcome: 'refused', reason: 'sample', entries: [] })], {
      finding,
    });
    expect(readable(message.title)).toMatch(/^Sample finding, nothing was done · /);
    expect(message.severity).toBe('low');
  });

  it('an escalation carries the reason, the instance, the containment runbook and the link', () => {
    const threat = sampleThreat({
      direction: 'egress',
      escalate: true,
      reason: 'drop-point',
      because: 'The host calls its controller.',
    });
    const message = messageOf([sampleThreatOutcome({ threat })], { escalate: true });
    const [escalation, blocked] = message.body.map(readable);
    expect(escalation).toContain('A person must look.\n• 198.51.100.7/32 (drop-point). The host calls its controller.');
    expect(escalation).toContain('i-0123456789abcdef0');
    expect(escalation).toContain('AWSSupport-ContainEC2Instance');
    expect(blocked).toMatch(/^Blocked/);
    expect(message.links).toHaveLength(1);
  });

  it('an escalation without an address or an instance is told too', () => {
    const { instance: _, ...finding } = sampleFinding({ partition: 'aws-eusc' });
    const threat = { verdict: 'ignore', escalate: true, reason: 'no-address', because: 'Names only.' } as const;
    const message = messageOf(
      [
        sampleThreatOutcome({
          threat,
          outcome: 'escalated',
          reason: 'no-address',
          because: 'Names only.',
          entries: [],
        }),
      ],
      {
        escalate: true,
        finding,
      },
    );
    expect(readable(message.title)).toMatch(/^A person must look · /);
    expect(readable(message.body[0])).toBe(
      'A person must look.\n• a finding without an address (no-address). Names only.',
    );
    expect(message.links).toEqual([]);
  });

  it('marks a preview and speaks of what would be', () => {
    const planned = messageOf([sampleThreatOutcome({ outcome: 'planned' })], { preview: true });
    expect(planned.preview).toBe(true);
    expect(readable(planned.title)).toMatch(/^Would block 198\.51\.100\.7\/32 · /);
    expect(readable(planned.body[0])).toMatch(/^Would block .*\nWould be denied in:\n/);
    const full = messageOf([sampleThreatOutcome({ outcome: 'not-blocked' })], { preview: true });
    expect(readable(full.title)).toMatch(/^Would NOT be blocked: /);
  });

  it('counts what was denied already, and says when time ran out', () => {
    const unchanged = sampleThreatOutcome({ outcome: 'unchanged', announce: false });
    const message = messageOf([sampleThreatOutcome({ outcome: 'extended' }), unchanged, unchanged], { done: false });
    expect(readable(message.title)).toMatch(/^Blocked for longer: /);
    expect(message.body.map(readable).slice(1)).toEqual([
      '2 addresses were denied already.',
      'Time ran out before everything was done; the rest is left for a retry.',
    ]);
  });

  it('tells of a deny that an earlier delivery made and may not have told', () => {
    const message = messageOf([sampleThreatOutcome({ outcome: 'unchanged', announce: true })]);
    expect(readable(message.title)).toMatch(/^Blocked 198\.51\.100\.7\/32 · /);
    expect(message.body).toHaveLength(1);
    expect(readable(message.body[0])).toMatch(/^Blocked .*\nDenied in:\n• acl-1/s);
  });

  it.each<[ThreatResult, string]>([
    ['blocked', 'port-runs'],
    ['refused', 'suppressed'],
    ['escalated', 'no-place'],
  ])('a threat that is %s in one place and not in another is told with both', (outcome, reason) => {
    const missing = [{ networkAclId: '*', egress: false, reason: 'port-runs', because: 'Port 25 is not denied.' }];
    const message = messageOf([sampleThreatOutcome({ outcome, reason, missing })], {
      escalate: outcome === 'escalated',
    });
    expect(message.body.map(readable).join('\n')).toContain(
      'Not denied in:\n• every network ACL, inbound: port-runs. Port 25 is not denied.\nDenied in:\n• acl-1, rule 10',
    );
  });

  it('N12: everything that a finding says is marked as untrusted', () => {
    const evil = '<!channel> `*evil*`';
    const finding = sampleFinding({
      type: evil,
      accountId: evil,
      region: evil,
      id: evil,
      eventLastSeen: evil,
      instance: { instanceId: evil, interfaces: [] },
      description: untrusted(evil),
    });
    const threat = sampleThreat({ address: evil, escalate: true, because: evil });
    const entry = sampleEntry({ networkAclId: evil, subnetIds: [evil], expiresAt: evil });
    const message = messageOf(
      [
        sampleThreatOutcome({ threat, because: evil, entries: [entry] }),
        sampleThreatOutcome({
          threat,
          outcome: 'not-blocked',
          because: evil,
          entries: [entry],
          missing: [{ networkAclId: evil, egress: false, reason: 'no-room', because: evil }],
        }),
        sampleThreatOutcome({ threat, outcome: 'refused', reason: 'allow-listed', because: evil }),
        sampleThreatOutcome({ threat, outcome: 'escalated', because: evil }),
      ],
      { finding, escalate: true },
    );
    const texts = [message.title, ...message.body, ...message.facts.map(({ value }) => value)];
    expect(texts.map(ownWords).join('\n')).not.toMatch(/channel|evil/);
    expect(texts.map(readable).join('\n')).toContain(evil);
    expect(JSON.stringify(message.links)).not.toContain('<');
  });

  it('a record that could not be read is told by code and id, never by content', () => {
    const { finding: _, ...outcome } = sampleBlock([], {
      recordId: 'a1b2',
      error: { code: 'FINDING_NOT_JSON', message: 'the content' },
    });
    const message = findingMessage(outcome);
    expect(message).toMatchObject({ key: 'unreadable/a1b2', severity: 'high' });
    expect(readable(message?.title)).toBe('A record could not be read (FINDING_NOT_JSON)');
    expect(message?.facts.map(({ value }) => readable(value))).toEqual(['FINDING_NOT_JSON', 'a1b2']);
    expect(JSON.stringify(message)).not.toContain('the content');
  });

  it('says what it is about and which sighting it tells of, so that channels can route and put in order', () => {
    const finding = sampleFinding({ updatedAt: '2026-11-24T09:58:00.000Z' });
    const { accountId, region, type } = finding;
    expect(messageOf([sampleThreatOutcome()], { finding })).toMatchObject({
      subject: { accountId, region, type },
      at: '2026-11-24T09:58:00.000Z',
    });
  });

  it('keeps the key within what a channel can take', () => {
    expect(messageOf([sampleThreatOutcome()], { finding: sampleFinding({ id: 'x'.repeat(1000) }) }).key).toHaveLength(
      255,
    );
  });

  it('lists fifteen lines and counts the others', () => {
    const entries = Array.from({ length: 20 }, (_, index) => sampleEntry({ ruleNumber: index }));
    expect(readable(messageOf([sampleThreatOutcome({ entries })]).body[0])).toMatch(/rule 14: .*\n… and 5 more$/);
  });
});

describe('what gave way', () => {
  const evicted = [
    {
      networkAclId: 'acl-1',
      ruleNumber: 10,
      egress: false,
      cidr: '198.51.100.8/32',
      protocol: '6',
      ports: { from: 22, to: 22 },
      subnetIds: ['subnet-1'],
    },
  ] as const;

  it('G35, G38: says in place of whom, who is NOT blocked any more, where, and as loudly as what was not done', () => {
    const message = messageOf([sampleThreatOutcome({ evicted })]);
    expect(readable(message.title)).toBe(
      'Blocked 198.51.100.7/32 in place of 198.51.100.8/32 · UnauthorizedAccess:EC2/SSHBruteForce',
    );
    expect(readable(message.body[0])).toBe(
      [
        'Blocked 198.51.100.7/32 in place of 198.51.100.8/32, which is NOT blocked any more. It tried to log in by SSH.',
        'Denied in:',
        '• acl-1, rule 10: inbound TCP, port 22 (subnet-1, subnet-2), until 2026-11-25 10:00 UTC',
        'NOT denied any more, for it ranks lower:',
        '• 198.51.100.8/32: acl-1, rule 10, inbound TCP, port 22',
      ].join('\n'),
    );
    expect(message).toMatchObject({ severity: 'high', undone: true });
  });

  it('counts several in the title and names each below', () => {
    const two = [...evicted, { ...evicted[0], ruleNumber: 11, cidr: '198.51.100.9/32' }];
    const message = messageOf([sampleThreatOutcome({ evicted: two })]);
    expect(readable(message.title)).toContain('in place of 2 others');
    expect(readable(message.body[0])).toContain(
      'in place of 198.51.100.8/32, 198.51.100.9/32, which are NOT blocked any more',
    );
  });

  it('says it of a plan, which undoes nothing', () => {
    const message = messageOf([sampleThreatOutcome({ outcome: 'planned', evicted })], { preview: true });
    expect(readable(message.title)).toContain('Would block 198.51.100.7/32 in place of 198.51.100.8/32');
    expect(readable(message.body[0])).toContain('which would NOT be blocked any more');
    expect(message.undone).toBeUndefined();
  });

  it('says it where the deny failed for all that', () => {
    const message = messageOf([
      sampleThreatOutcome({ outcome: 'failed', reason: 'number-taken', entries: [], evicted }),
    ]);
    expect(readable(message.title)).toContain('NOT BLOCKED: 198.51.100.7/32; NOT blocked any more: 198.51.100.8/32');
    expect(readable(message.body[0])).toContain('NOT denied any more');
  });

  it('is undone wherever something is not blocked, and not otherwise', () => {
    expect(messageOf([sampleThreatOutcome()]).undone).toBeUndefined();
    expect(messageOf([sampleThreatOutcome({ outcome: 'not-blocked', reason: 'quota' })]).undone).toBe(true);
  });
});

describe('a flood', () => {
  it('G38: counts and names everybody who is not denied, and says what to do', () => {
    const flood = { cidrs: ['198.51.100.7/32', '198.51.100.8/32'], omitted: 3 };
    const message = messageOf([sampleThreatOutcome({ outcome: 'not-blocked', reason: 'flood', entries: [], flood })]);
    expect(message.body.map(readable)).toContainEqual(
      'Flood: 5 addresses are not denied there: 198.51.100.7/32, 198.51.100.8/32 and 3 more. The next summary comes in 15 minutes. Close the exposed port; VPC Block Public Access is the emergency brake.',
    );
    expect(ownWords(message.body.at(-1))).not.toContain('198.51.100.8');
  });
});
