import { addTo, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { sampleNow as now, sampleLedger, sampleRequest, sampleUnplaced } from '../ledger/sample-ledger.ts';
import { floodSentence, placeFlooded } from './flood.ts';

const why = { reason: 'flood', because: 'Too many.' };
const match = { cidr: '198.51.100.7/32', protocol: '6', ports: { from: 22, to: 22 } } as const;
const denies = [{ at: { denyId: 'd1', match }, request: sampleRequest(), why }];
const told = (ms: number) => ({ notices: [{ about: 'flood/f9/x', at: addTo(now, -ms) }] });

describe('placeFlooded', () => {
  it('lists who comes after a summary as of now, or right after it by whatever clock', () => {
    const since = (ms: number) => {
      const { placed, note } = placeFlooded(denies, sampleLedger(told(ms)), now);
      expect(note).toBeUndefined();
      const step = placed[0]?.step;
      return step?.action === 'note-unplaced' ? step.unplaced.since : undefined;
    };
    expect(since(minutes(5))).toBe(now.toISOString());
    expect(since(0)).toBe(addTo(now, 1));
    expect(since(-minutes(1))).toBe(addTo(now, minutes(1) + 1));
  });

  it('tells nothing, and writes nothing, of who is listed in the meantime', () => {
    const listed = sampleUnplaced({ reason: 'flood', since: addTo(now, -minutes(10)) });
    const { placed, ...rest } = placeFlooded(denies, sampleLedger({ ...told(minutes(5)), unplaced: [listed] }), now);
    expect(placed).toStrictEqual([{ placement: { denyId: 'd1', match, result: 'unplaced', ...why, news: false } }]);
    expect(rest).toStrictEqual({});
  });

  it('keeps who was listed in silence as he is listed, until the next summary', () => {
    const listed = sampleUnplaced({ reason: 'flood', since: addTo(now, -minutes(3)) });
    const { placed } = placeFlooded(denies, sampleLedger({ ...told(minutes(5)), unplaced: [listed] }), now);
    expect(placed).toStrictEqual([{ placement: { denyId: 'd1', match, result: 'unplaced', ...why, news: false } }]);
  });

  it('keeps with the summary why and when it was told', () => {
    expect(placeFlooded(denies, sampleLedger(), now).note).toMatchObject({
      id: 'note/flood',
      action: 'note',
      reason: 'flood',
      precondition: null,
      notice: { at: now.toISOString() },
    });
  });
});

describe('floodSentence', () => {
  it('counts and names who is not denied, and what there is to do', () => {
    expect(floodSentence({ cidrs: ['198.51.100.7/32'], omitted: 0 })).toMatch(
      /^1 address is not denied there because of a flood: 198\.51\.100\.7\/32\. Close the exposed port/,
    );
    expect(floodSentence({ cidrs: ['198.51.100.7/32', '198.51.100.8/32'], omitted: 3 })).toMatch(
      /^5 addresses are not denied .*: 198\.51\.100\.7\/32, 198\.51\.100\.8\/32 and 3 more\. /,
    );
  });
});
