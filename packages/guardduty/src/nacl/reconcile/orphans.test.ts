import { addTo, hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { AclEntry } from '../entries/acl.ts';
import { sampleNow as now } from '../ledger/sample-ledger.ts';
import { adopt, findOrphans, tellOrphans } from './orphans.ts';

const deny = (ruleNumber: number, changes: Partial<AclEntry> = {}): AclEntry => ({
  ruleNumber,
  cidr: '192.0.2.1/32',
  action: 'deny',
  protocol: '-1',
  ...changes,
});

describe('tellOrphans', () => {
  const tell = (numbers: readonly number[], about?: string) =>
    tellOrphans(
      numbers.map((ruleNumber) => deny(ruleNumber)),
      about === undefined
        ? []
        : [
            { about: 'flood/f1/x', at: now.toISOString() },
            { about, at: now.toISOString() },
          ],
      [],
      now,
    );
  const news = (numbers: readonly number[], about?: string) =>
    tell(numbers, about).orphans.flatMap(({ entry, news }) => (news ? [entry.ruleNumber] : []));

  it('tells of nobody whom it told of before, alone or in a run, and of everybody beside', () => {
    expect(news([9, 10, 11, 12, 13, 15], 'orphans/10-12,15')).toEqual([9, 13]);
    expect(news([10, 11], 'orphans/11')).toEqual([10]);
    expect(news([10, 11])).toEqual([10, 11]);
  });

  it.each(['orphans/12-10', 'orphans/x-12', 'orphans/10-', 'orphans/10-1010'])(
    'takes what is no short run (%s) for nothing told',
    (about) => expect(news([10, 11, 12], about)).toEqual([10, 11, 12]),
  );

  it('reads a run of up to a thousand', () => {
    expect(news([10, 1_009, 1_010], 'orphans/10-1009')).toEqual([1_010]);
  });

  it('keeps what was told by rule number, whatever the order of the entries', () => {
    expect(tell([12, 10, 11, 21, 9, 20]).step).toEqual({
      id: 'note/orphans',
      action: 'note',
      reason: 'orphan',
      because: expect.any(String),
      precondition: null,
      notice: { about: 'orphans/9-12,20-21', at: now.toISOString() },
    });
  });

  it('keeps that there is nobody any more, once', () => {
    expect(tell([], 'orphans/10').step?.notice.about).toBe('orphans/none');
    expect(tell([], 'orphans/none')).toStrictEqual({ orphans: [] });
    expect(tell([])).toStrictEqual({ orphans: [] });
  });
});

describe('findOrphans', () => {
  const found = (about: string, ago: number) =>
    findOrphans(
      [deny(10), deny(11), deny(12)],
      {
        slots: [],
        history: [],
        notices: [
          { about: 'orphans/11', at: now.toISOString() },
          { about, at: addTo(now, -ago) },
        ],
      },
      { from: 10, to: 99 },
      now,
    ).map(({ ruleNumber }) => ruleNumber);

  it('takes for none what was taken out a moment ago, which EC2 may still show', () => {
    expect(found('released/0:10,12', 30_000)).toEqual([11]);
    expect(found('released/0:10', 30_000)).toEqual([11, 12]);
    expect(found('released/0:10,12', 30_001)).toEqual([10, 11, 12]);
    expect(found('released/0:12;30000:10', 0)).toEqual([11]);
    expect(found('released/0:12;30000:10', 1)).toEqual([10, 11]);
    expect(found('released/10,12', 0)).toEqual([10, 11, 12]);
    expect(found('flood/0:10,12', 0)).toEqual([10, 11, 12]);
  });
});

describe('adopt', () => {
  const adoption = { requestedBy: 'a.smith', reason: 'INC-12', expiresAt: addTo(now, hours(5)) };

  it('takes over exactly what stands there, as nobody’s sighting', () => {
    const at = now.toISOString();
    const slot = {
      ruleNumber: 10,
      cidr: '192.0.2.1/32',
      protocol: '17',
      ports: { from: 53, to: 53 },
      status: 'active',
      findingIds: [],
      findingType: 'adopted',
      severity: 0,
      hits: 0,
      sightings: 0,
      spoofable: false,
      firstBlockedAt: at,
      lastSeen: at,
      madeBy: { findingId: 'adopted/a.smith', lastSeen: at },
      writtenAt: at,
      expiresAt: addTo(now, hours(5)),
    };
    const because = `a.smith took it over until ${addTo(now, hours(5))}: INC-12`;
    expect(adopt(deny(10, { protocol: '17', ports: { from: 53, to: 53 } }), adoption, now)).toStrictEqual({
      release: { slot, result: 'adopt', reason: 'adopted', because, stepId: 'adopt/10' },
      step: {
        id: 'adopt/10',
        action: 'update-slot',
        reason: 'adopted',
        because,
        precondition: { ruleNumber: 10, cidr: '192.0.2.1/32', action: 'deny' },
        slot,
      },
    });
  });

  it.each(['6', '17', '-1'])('knows protocol %s', (protocol) => {
    expect(adopt(deny(10, { protocol }), adoption, now)?.release.slot.protocol).toBe(protocol);
  });
});
