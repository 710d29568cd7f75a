import { addTo, days, hours, minutes, seconds } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { contestAt, judgeVanishing, withVanishing } from './contest.ts';
import type { Vanishing } from './ledger.ts';
import { sampleNow as now, sampleLedger } from './sample-ledger.ts';

const host = (last: number): string => `198.51.100.${last}/32`;
const gone = (last: number, ago: number): Vanishing => ({ cidr: host(last), at: addTo(now, -ago) });
const judge = (...vanishings: Vanishing[]) => judgeVanishing(sampleLedger({ vanishings }), host(7), now);

describe('judgeVanishing', () => {
  it('G2: puts back once what has vanished', () => {
    expect(judge()).toEqual({ kind: 'restore' });
    expect(judge(gone(8, minutes(1)))).toEqual({ kind: 'restore' });
  });

  it('gives up for a day what vanishes again within a day', () => {
    expect(judge(gone(7, hours(24) - 1))).toEqual({
      kind: 'contested',
      isNew: true,
      contest: {
        since: now.toISOString(),
        until: addTo(now, days(1)),
        because: `The deny of 198.51.100.7/32 was put back at ${addTo(now, -hours(24) + 1)} and is gone again.`,
      },
    });
    expect(judge(gone(7, hours(24)))).toEqual({ kind: 'restore' });
  });

  it('concludes nothing for 10 minutes after it was put back: EC2 may answer late', () => {
    expect(judge(gone(7, minutes(10) - 1))).toEqual({ kind: 'restore' });
    expect(judge(gone(7, minutes(10)))).toMatchObject({ kind: 'contested' });
    expect(judge(gone(7, minutes(1)), gone(8, minutes(1)), gone(9, minutes(1)))).toEqual({ kind: 'restore' });
  });

  it('gives up at the third that vanishes within 10 minutes', () => {
    expect(judge(gone(8, seconds(5)), gone(9, minutes(10) - 1))).toMatchObject({ kind: 'contested', isNew: true });
    expect(judge(gone(8, seconds(5)), gone(9, minutes(10)))).toEqual({ kind: 'restore' });
    expect(judge(gone(8, seconds(5)), gone(8, seconds(5)))).toEqual({ kind: 'restore' });
  });

  it('puts nothing back while a quarrel lasts', () => {
    const contested = { since: addTo(now, -1), until: addTo(now, 1), because: 'b' };
    const ledger = sampleLedger({ contested });
    expect(judgeVanishing(ledger, host(7), now)).toEqual({ kind: 'contested', contest: contested, isNew: false });
    expect(judgeVanishing(ledger, host(7), new Date(now.getTime() + 1))).toEqual({ kind: 'restore' });
  });
});

it('a quarrel ends', () => {
  const contested = { since: addTo(now, -1), until: addTo(now, 1), because: 'b' };
  expect(contestAt({ contested }, now)).toBe(contested);
  expect(contestAt({ contested }, new Date(contested.until))).toBeUndefined();
  expect(contestAt({}, now)).toBeUndefined();
});

describe('withVanishing', () => {
  it('counts an address once in 10 minutes', () => {
    expect(withVanishing([gone(7, minutes(10) - 1)], host(7), now)).toEqual([gone(7, minutes(10) - 1)]);
    expect(withVanishing([gone(7, minutes(10))], host(7), now)).toEqual([gone(7, 0), gone(7, minutes(10))]);
  });

  it('keeps a day and 32 of them', () => {
    expect(withVanishing([gone(8, days(1)), gone(9, days(1) - 1)], host(7), now)).toEqual([
      gone(7, 0),
      gone(9, days(1) - 1),
    ]);
    const many = Array.from({ length: 40 }, (_, n) => gone(100 + n, minutes(n)));
    expect(withVanishing(many, host(7), now)).toEqual([gone(7, 0), ...many.slice(0, 31)]);
  });
});
