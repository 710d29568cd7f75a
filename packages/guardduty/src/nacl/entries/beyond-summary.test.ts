import { addTo, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { withCounted } from '../ledger/beyond.ts';
import type { Beyond, Ledger } from '../ledger/ledger.ts';
import { sampleNow as now, sampleFacts, sampleLedger, sampleRequest, sampleSeen } from '../ledger/sample-ledger.ts';
import { beyondAt, beyondSentence, dueBeyondSummary, isToldBeyond, tellBeyond } from './beyond-summary.ts';
import type { CountUnplacedStep, EntriesPlan, EntryStep, NoteStep, Placement } from './entry-plan.ts';

const match = { cidr: '198.51.100.7/32', protocol: '6', ports: { from: 22, to: 22 } } as const;
const host = (n: number): string => `203.0.113.${n}/32`;
const told = (about: string, ago: number) => ({ about, at: addTo(now, -ago) });

/** So many addresses, the latest of them counted so long ago. */
const counted = (count: number, ago = minutes(20)): Beyond => {
  const cidrs = Array.from({ length: count }, (_, n) => host(n));
  const beyond = withCounted(undefined, cidrs, new Date(addTo(now, -ago)), hours(24));
  if (beyond === undefined) throw new Error('nothing was counted');
  return beyond;
};

describe('isToldBeyond', () => {
  const isTold = (notices: Ledger['notices'], beyond = counted(2)) => isToldBeyond({ beyond, notices });

  it('holds where nobody is counted, or the latest summary came with or after the latest who was', () => {
    expect(isToldBeyond({ notices: [] })).toBe(true);
    expect(isTold([])).toBe(false);
    expect(isTold([told('beyond/upkeep', minutes(20))])).toBe(true);
    expect(isTold([told('beyond/upkeep', minutes(20) + 1)])).toBe(false);
    // The summary of a flood tells the count as well; a notice about something else does not.
    expect(isTold([told('flood/f1', minutes(5))])).toBe(true);
    expect(isTold([told('orphans/10', minutes(5))])).toBe(false);
  });

  it('looks at the latest summary, in whatever order they are kept', () => {
    const [older, newer] = [told('beyond/f1', minutes(40)), told('flood/f1', minutes(10))];
    expect([isTold([older, newer]), isTold([newer, older])]).toEqual([true, true]);
    expect(beyondAt({ notices: [older, told('flood/f1', 0)] }, now)).toBe(addTo(now, 1));
  });
});

it('an address is counted after the summary that does not tell of it, whatever the clock of the worker says', () => {
  const at = (...notices: Ledger['notices']) => beyondAt({ notices }, now);
  expect(at()).toBe(now.toISOString());
  expect(at(told('beyond/f1', 1))).toBe(now.toISOString());
  expect(at(told('beyond/f1', 0))).toBe(addTo(now, 1));
  expect(at(told('beyond/f1', -minutes(1)))).toBe(addTo(now, minutes(1) + 1));
});

it('the sentence counts one and many, and says where there are more', () => {
  expect(beyondSentence(1, sampleSeen, false)).toMatch(/^1 address beyond the 64 .* and is NOT denied either/);
  expect(beyondSentence(2, sampleSeen, false)).toMatch(/^2 addresses beyond the 64 .* and are NOT denied either/);
  expect(beyondSentence(1, sampleSeen, true)).toMatch(/^More than 1 addresses beyond .* and are NOT denied either/);
});

describe('what upkeep tells', () => {
  const due = (changes: Partial<Ledger>) => dueBeyondSummary(sampleLedger(changes), now);

  it('is the count, with a step that keeps that it was told', () => {
    const beyond = counted(2);
    expect(due({ beyond })).toEqual({
      because: beyondSentence(2, beyond.since, false),
      step: {
        id: 'note/beyond',
        action: 'note',
        reason: 'beyond-list',
        because: expect.any(String),
        precondition: null,
        notice: { about: 'beyond/upkeep', at: now.toISOString() },
      },
    });
    expect(due({ beyond: { ...beyond, more: true } })?.because).toBe(beyondSentence(2, beyond.since, true));
  });

  it('is kept no earlier than the latest address that it tells of was counted', () => {
    expect(due({ beyond: counted(2, -minutes(1)) })?.step.notice.at).toBe(addTo(now, minutes(1)));
  });

  it('comes once in 15 minutes, and only of somebody who is new', () => {
    const after = (ago: number, changed: number) =>
      due({ beyond: counted(2, changed), notices: [told('beyond/f1/x', ago)] }) !== undefined;
    expect(after(minutes(15), minutes(1))).toBe(true);
    expect(after(minutes(15) - 1, minutes(1))).toBe(false);
    expect(after(minutes(15), minutes(15))).toBe(false);
  });

  it('is told again by upkeep that runs again within four minutes, and of nobody where nobody is counted', () => {
    const again = (about: string, ago: number, beyond?: Beyond) =>
      due({ ...(beyond ? { beyond } : {}), notices: [told(about, ago)] }) !== undefined;
    expect(again('beyond/upkeep', minutes(4) - 1, counted(2))).toBe(true);
    expect(again('beyond/upkeep', minutes(4), counted(2))).toBe(false);
    // An event told it, and its own second delivery tells it again.
    expect(again('beyond/f1/x', minutes(1), counted(2))).toBe(false);
    expect(again('beyond/upkeep', minutes(1))).toBe(false);
  });
});

describe('what an event tells', () => {
  const why = { reason: 'quota', because: 'No room.' };
  const unlisted = (denyId: string): Placement => {
    return { denyId, match, result: 'unplaced', ...why, unlisted: true, news: false };
  };
  const listed: Placement = { denyId: 'd9', match, result: 'unplaced', ...why, news: false };
  const count = (cidr: string): CountUnplacedStep => {
    return { id: `count-unplaced/${cidr}`, action: 'count-unplaced', ...why, precondition: null, cidr, at: sampleSeen };
  };
  const note = (id: string): NoteStep => {
    return { id, action: 'note', ...why, precondition: null, notice: { about: 'a', at: sampleSeen } };
  };
  const plan = (steps: readonly EntryStep[], ...placements: Placement[]): EntriesPlan => {
    return { steps, refused: [], placements };
  };
  const requests = ['d1', 'd2', 'd9'].map((denyId) => sampleRequest({ denyId, findingId: `f-${denyId}` }));
  const tell = (plan: EntriesPlan, changes: Partial<Ledger> = {}) =>
    tellBeyond(plan, sampleFacts({ ledger: sampleLedger(changes), requests }), now);

  it('is nothing where all are listed or denied', () => {
    const all = plan([note('x')], listed);
    expect(tell(all, { beyond: counted(2) })).toBe(all);
  });

  it('is told by the first that is not listed, of its own event, and of those that are counted with it', () => {
    const steps = [note('x'), count(host(1)), count(host(7))];
    const before = plan(steps, listed, unlisted('d2'), unlisted('d1'));
    const beyond = counted(2);
    expect(tell(before, { beyond })).toEqual({
      ...before,
      steps: [
        ...steps,
        {
          ...note('note/beyond'),
          reason: 'beyond-list',
          because: expect.any(String),
          notice: { about: `beyond/f-d2/${sampleSeen}`, at: now.toISOString() },
        },
      ],
      placements: [
        listed,
        // One of the two is counted already.
        { ...unlisted('d2'), because: `No room. ${beyondSentence(3, beyond.since, false)}`, news: true },
        unlisted('d1'),
      ],
    });
  });

  it('begins with the first who is counted', () => {
    const after = tell(plan([count(host(1))], unlisted('d1')));
    expect(after.placements[0]?.because).toBe(`No room. ${beyondSentence(1, now.toISOString(), false)}`);
  });

  it('says no more than the number that is known, where addresses are not told apart any more', () => {
    const beyond: Beyond = { ...counted(2), more: true };
    const { placements } = tell(plan([count(host(7))], unlisted('d1')), { beyond });
    expect(placements[0]?.because).toBe(`No room. ${beyondSentence(2, beyond.since, true)}`);
  });

  it('waits for its time, leaves it to the summary of a flood, and says nothing that was said', () => {
    const silent = (before: EntriesPlan, changes: Partial<Ledger>) => expect(tell(before, changes)).toEqual(before);
    silent(plan([count(host(7))], unlisted('d1')), { beyond: counted(2), notices: [told('beyond/f1', minutes(14))] });
    silent(plan([count(host(7)), note('note/flood')], unlisted('d1')), { beyond: counted(2) });
    silent(plan([], unlisted('d1')), { beyond: counted(2), notices: [told('beyond/f1', minutes(16))] });
    // Whoever was counted by others in the meantime is told by this one.
    const { placements } = tell(plan([], unlisted('d1')), {
      beyond: counted(2, minutes(1)),
      notices: [told('beyond/f1', minutes(16))],
    });
    expect(placements[0]?.news).toBe(true);
  });

  it('is told again by the event that told it, and kept as it is', () => {
    const before = plan([], unlisted('d1'), unlisted('d2'));
    const beyond = counted(2);
    const after = tell(before, { beyond, notices: [told(`beyond/f-d2/${sampleSeen}`, minutes(1))] });
    expect(after.steps).toEqual([]);
    expect(after.placements).toEqual([
      unlisted('d1'),
      { ...unlisted('d2'), because: `No room. ${beyondSentence(2, beyond.since, false)}`, news: true },
    ]);
  });

  it('is told by nobody where no event wants it', () => {
    const before = plan([count(host(7))], unlisted('d7'));
    expect(tell(before, { beyond: counted(2) })).toEqual(before);
  });
});
