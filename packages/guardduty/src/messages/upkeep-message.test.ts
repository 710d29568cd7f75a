import { describe, expect, it } from 'vitest';
import { ownWords, readable, sampleRelease, sampleSweep, sampleUnblock } from './sample-outcomes.ts';
import { upkeepMessage } from './upkeep-message.ts';

describe('upkeepMessage', () => {
  it('is nothing without releases, suppressions and alerts', () => {
    expect(upkeepMessage()).toBeUndefined();
    expect(upkeepMessage(sampleSweep(), sampleUnblock())).toBeUndefined();
  });

  it('says which denies ended and why, at low severity', () => {
    const message = upkeepMessage(sampleSweep({ releases: [sampleRelease()] }));
    expect(message).toMatchObject({ key: 'upkeep/111122223333/eu-west-1', severity: 'low', preview: false, links: [] });
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
    expect(message?.key).toBe('upkeep');
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
      sampleUnblock({ requestedBy: evil, because: evil, suppressed: [{ cidr: evil, until: evil }] }),
    );
    const texts = [message?.title, ...(message?.body ?? []), ...(message?.facts.map(({ value }) => value) ?? [])];
    expect(texts.map(ownWords).join('\n')).not.toMatch(/channel|evil/);
    expect(texts.map(readable).join('\n')).toContain(evil);
  });
});
