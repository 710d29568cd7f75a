import { describe, expect, it } from 'vitest';
import {
  ownWords,
  readable,
  sampleContest,
  sampleDrain,
  sampleOrphan,
  sampleReconcile,
  sampleRelease,
  sampleSweep,
  sampleUnblock,
} from './sample-outcomes.ts';
import { upkeepMessage } from './upkeep-message.ts';

describe('upkeepMessage', () => {
  it('is nothing without releases, suppressions and alerts', () => {
    expect(upkeepMessage()).toBeUndefined();
    expect(upkeepMessage(sampleSweep(), sampleUnblock())).toBeUndefined();
  });

  it('says which denies ended and why, at low severity', () => {
    const message = upkeepMessage(sampleSweep({ releases: [sampleRelease()] }));
    expect(message).toMatchObject({
      key: 'upkeep/111122223333/eu-west-1/2026-11-24T10:00:00.000Z',
      severity: 'low',
      preview: false,
      links: [],
    });
    expect(readable(message?.title)).toBe('Network ACL upkeep: 1 deny released');
    expect(message?.body.map(readable)).toEqual([
      'No longer denied:\n• 198.51.100.7/32, inbound TCP, port 22: acl-1, rule 10. It held until 2026-11-25T10:00:00.000Z.',
    ]);
    expect(message?.facts.map(({ label }) => label)).toEqual(['Account', 'Region']);
  });

  it('puts alerts and what was not done first, at high severity', () => {
    const message = upkeepMessage(
      sampleSweep({
        releases: [
          sampleRelease(),
          sampleRelease({ outcome: 'foreign', because: 'It is an allow.' }),
          sampleRelease({ outcome: 'failed', because: 'EC2 did not answer.' }),
        ],
        alerts: [{ subject: 'acl-9', reason: 'acl-gone', because: 'The network ACL does not exist.', announce: true }],
      }),
    );
    expect(message?.severity).toBe('high');
    expect(readable(message?.title)).toBe(
      'Network ACL upkeep: 2 denies NOT released; 1 thing needs a person; 1 deny released',
    );
    expect(message?.body.map((text) => readable(text).split('\n')[0])).toEqual([
      'A person must look:',
      'NOT DONE, a retry may mend it:',
      'The rule number holds an entry that is not ours; left untouched:',
      'No longer denied:',
    ]);
  });

  it('names the account and Region of each line when there are several', () => {
    const elsewhere = sampleRelease({ target: { accountId: '444455556666', region: 'us-east-1' } });
    const message = upkeepMessage(sampleSweep({ releases: [sampleRelease(), elsewhere] }));
    expect(message?.key).toBe('upkeep/2026-11-24T10:00:00.000Z');
    expect(message?.subject).toEqual({ type: 'sweep' });
    expect(readable(message?.body[0])).toContain('rule 10 in account 444455556666, us-east-1. ');
    expect(message?.facts).toEqual([]);
  });

  it('says who unblocked what, why, and until when it stays so', () => {
    const message = upkeepMessage(
      sampleUnblock({
        releases: [sampleRelease({ reason: 'unblocked-by-hand', because: 'a.smith asked for it.' })],
        suppressed: [{ cidr: '198.51.100.7/32', until: '2026-12-24T10:00:00.000Z' }],
      }),
    );
    expect(message?.body.map(readable).at(-1)).toBe(
      'Not denied again before:\n• 198.51.100.7/32: 2026-12-24 10:00 UTC',
    );
    expect(message?.facts.map(({ label, value }) => [label, readable(value)]).slice(0, 2)).toEqual([
      ['Requested by', 'a.smith'],
      ['Reason', 'partner scanner, CHG-4711'],
    ]);
  });

  it('tells of a suppression even when there was no deny to release', () => {
    const message = upkeepMessage(
      sampleUnblock({ suppressed: [{ cidr: '198.51.100.7/32', until: '2026-12-24T10:00:00.000Z' }] }),
    );
    expect(readable(message?.title)).toBe('Network ACL upkeep: 1 address is not denied for a while');
  });

  it('is a preview only when nothing of it was done', () => {
    const planned = sampleSweep({ preview: true, releases: [sampleRelease({ outcome: 'planned' })] });
    expect(upkeepMessage(planned)).toMatchObject({ preview: true });
    expect(readable(upkeepMessage(planned)?.title)).toBe('Network ACL upkeep: 1 deny would be changed');
    expect(upkeepMessage(planned, sampleSweep({ releases: [sampleRelease()] }))).toMatchObject({ preview: false });
  });

  it('says when time ran out', () => {
    const message = upkeepMessage(sampleSweep({ releases: [sampleRelease()], done: false }));
    expect(message?.body.at(-1)).toMatch(/^Time ran out/);
  });

  it('a paused release is medium, a finished one of a dead worker too', () => {
    for (const outcome of ['refused', 'retaken', 'settled'] as const)
      expect(upkeepMessage(sampleSweep({ releases: [sampleRelease({ outcome })] }))?.severity).toBe('medium');
  });

  it('N12: what people and AWS wrote is marked as untrusted', () => {
    const evil = '<!channel> evil';
    const release = sampleRelease({ because: evil, target: { accountId: evil, region: evil } });
    const entry = { ...release.entry, cidr: evil, networkAclId: evil };
    const message = upkeepMessage(
      sampleSweep({
        releases: [{ ...release, entry }, sampleRelease()],
        alerts: [{ subject: evil, reason: 'gone', because: evil, announce: true }],
      }),
      sampleReconcile({
        orphans: [sampleOrphan({ networkAclId: evil, cidr: evil, protocol: evil })],
        contests: [sampleContest({ networkAclId: evil, until: evil, because: evil, who: evil })],
      }),
      sampleDrain({ requestedBy: evil, because: evil }),
      sampleUnblock({ requestedBy: evil, because: evil, suppressed: [{ cidr: evil, until: evil }] }),
    );
    const texts = [
      message?.title,
      ...(message?.body ?? []),
      ...(message?.facts.map(({ value }) => value) ?? []),
      ...(message?.actions?.map(({ text }) => text) ?? []),
    ];
    expect(texts.map(ownWords).join('\n')).not.toMatch(/channel|evil/);
    expect(texts.map(readable).join('\n')).toContain(evil);
  });

  it('is nothing when none of it is news', () => {
    const told = { announce: false } as const;
    const alert = { subject: 'acl-9', reason: 'ledger-invalid', because: 'It is broken.', ...told };
    const swept = sampleSweep({ releases: [sampleRelease({ outcome: 'refused', ...told })], alerts: [alert] });
    const reconciled = sampleReconcile({
      orphans: [sampleOrphan(told)],
      contests: [sampleContest({ state: 'on', ...told })],
      alerts: [alert],
    });
    expect(upkeepMessage(swept, reconciled)).toBeUndefined();
    expect(upkeepMessage(swept, sampleSweep({ releases: [sampleRelease()] }))?.body).toHaveLength(1);
  });

  it('tells who takes out what we put in, until when nothing is written, and what Terraform needs', () => {
    const message = upkeepMessage(
      sampleSweep(),
      sampleReconcile({
        releases: [sampleRelease({ outcome: 'given-up', reason: 'contested', because: 'Contested.' })],
        contests: [sampleContest({ who: 'role/terraform' })],
      }),
    );
    expect(message).toMatchObject({
      severity: 'high',
      undone: true,
      at: '2026-11-24T10:00:01.000Z',
      subject: { accountId: '111122223333', region: 'eu-west-1', type: 'upkeep' },
    });
    expect(readable(message?.title)).toBe('Network ACL upkeep: 1 network ACL contested; 1 deny gone and NOT put back');
    expect(message?.body.map(readable)).toEqual([
      'Contested, somebody takes out what we put in:\n• acl-1, inbound: nothing new is denied there until 2026-11-25 10:00 UTC. The deny of 198.51.100.7/32 was put back at 2026-11-24T09:00:00.000Z and is gone again. Changed by: role/terraform.',
      'Gone from the network ACL and NOT put back, so not denied any more:\n• 198.51.100.7/32, inbound TCP, port 22: acl-1, rule 10. Contested.',
    ]);
    const [action] = message?.actions ?? [];
    expect(readable(action?.text)).toContain('acl-1 must leave our rule numbers alone');
    expect(readable(action?.text)).toContain('aws_network_acl_rule');
    expect(readable(action?.text)).toContain('ignore_changes');
  });

  it('does not invent who did it', () => {
    const message = upkeepMessage(sampleReconcile({ contests: [sampleContest()] }));
    expect(readable(message?.body[0])).not.toContain('Changed by');
  });

  it('says when a quarrel is over, at low severity and with nothing undone', () => {
    const message = upkeepMessage(sampleReconcile({ contests: [sampleContest({ state: 'over' })] }));
    expect(message).toMatchObject({ severity: 'low', subject: { type: 'reconcile' } });
    expect(message).not.toHaveProperty('undone');
    expect(message).not.toHaveProperty('actions');
    expect(readable(message?.title)).toBe('Network ACL upkeep: 1 network ACL contested no more');
    expect(message?.body.map(readable)).toEqual(['No longer contested, denies are written again:\n• acl-1, inbound']);
  });

  it('lists denies that nobody knows, and how they are taken over', () => {
    const message = upkeepMessage(
      sampleReconcile({ orphans: [sampleOrphan(), sampleOrphan({ ruleNumber: 21, egress: true })] }),
    );
    expect(message?.severity).toBe('medium');
    expect(readable(message?.title)).toBe('Network ACL upkeep: 2 denies that nobody knows');
    expect(readable(message?.body[0])).toContain('• acl-1, outbound rule 21: 192.0.2.1/32, protocol 6');
    expect(message?.actions?.map(({ text }) => readable(text)).join()).toContain('adopt');
  });

  it('what was put back is medium, what was taken over low', () => {
    const repaired = upkeepMessage(sampleReconcile({ releases: [sampleRelease({ outcome: 'repaired' })] }));
    expect(repaired?.severity).toBe('medium');
    expect(readable(repaired?.title)).toBe('Network ACL upkeep: 1 deny put back');
    const adopted = upkeepMessage(sampleReconcile({ releases: [sampleRelease({ outcome: 'adopted' })] }));
    expect(adopted?.severity).toBe('low');
    expect(readable(adopted?.title)).toBe('Network ACL upkeep: 1 deny taken over');
  });

  it('sets apart what is for review and what is protected now', () => {
    const message = upkeepMessage(
      sampleSweep({
        releases: [
          sampleRelease({ reason: 'longest-block', because: 'At its longest.' }),
          sampleRelease({ reason: 'now-protected', because: 'It is ours.' }),
          sampleRelease(),
        ],
      }),
    );
    expect(message?.severity).toBe('medium');
    expect(readable(message?.title)).toBe('Network ACL upkeep: 3 denies released; 1 of them for review');
    expect(message?.body.map((text) => readable(text).split('\n')[0])).toEqual([
      'Ended after the longest time that a block may last, for review:',
      'Would not be denied today, so released:',
      'No longer denied:',
    ]);
    expect(message?.actions).toHaveLength(1);
  });

  it('digests a sweep of many: fifteen lines, how many more, and how many for which reason', () => {
    const many = [
      ...Array.from({ length: 38 }, () => sampleRelease()),
      sampleRelease({ reason: 'unblocked-by-hand' }),
      sampleRelease({ reason: 'unblocked-by-hand' }),
    ];
    const lines = readable(upkeepMessage(sampleSweep({ releases: many }))?.body[0]).split('\n');
    expect(lines[0]).toBe('No longer denied (38 expired, 2 unblocked-by-hand):');
    expect(lines).toHaveLength(17);
    expect(lines.at(-1)).toBe('… and 25 more');
  });

  it('says who drained and why', () => {
    const message = upkeepMessage(sampleDrain({ releases: [sampleRelease({ reason: 'drained' })] }));
    expect(message).toMatchObject({ severity: 'low', subject: { type: 'drain' } });
    expect(message?.facts.map(({ label, value }) => [label, readable(value)]).slice(0, 2)).toEqual([
      ['Requested by', 'a.smith'],
      ['Reason', 'remedykit is being removed'],
    ]);
  });

  it.each(['failed', 'foreign', 'refused', 'given-up'] as const)(
    '%s is something undone, and reaches somebody',
    (outcome) => {
      expect(upkeepMessage(sampleReconcile({ releases: [sampleRelease({ outcome })] }))?.undone).toBe(true);
    },
  );

  it('a preview has left nothing undone', () => {
    const planned = sampleSweep({ preview: true, releases: [sampleRelease({ outcome: 'planned' })] });
    expect(upkeepMessage(planned, sampleReconcile())).toMatchObject({ preview: true });
    expect(upkeepMessage({ ...planned, done: false })).not.toHaveProperty('undone');
  });

  it('a put-back that is paused is not called a release', () => {
    const message = upkeepMessage(
      sampleReconcile({ releases: [sampleRelease({ outcome: 'refused', reason: 'paused', because: 'Paused.' })] }),
    );
    expect(readable(message?.title)).toBe('Network ACL upkeep: 1 deny NOT put right');
    expect(message?.actions).toHaveLength(1);
  });

  it('each run has a key of its own, so that none takes the place of what an earlier one said', () => {
    const early = upkeepMessage(sampleSweep({ releases: [sampleRelease()] }));
    const late = upkeepMessage(sampleSweep({ at: '2026-11-24T10:05:00.000Z', releases: [sampleRelease()] }));
    expect(early?.key).not.toBe(late?.key);
  });
});
