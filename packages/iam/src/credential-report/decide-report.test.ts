import { expect, it } from 'vitest';
import {
  decideReport,
  type ReportAnswer,
  type ReportProgress,
  type ReportRefusal,
  reportStart,
} from './decide-report.ts';

const policy = { maxAgeMs: 1_000 };

const refused = (to: 'generate' | 'get', kind: ReportRefusal['kind'], code: string = kind): ReportAnswer => ({
  to,
  refused: { code, kind },
});

/** The moves that these answers lead to, one after the other. */
const moves = (...answers: ReportAnswer[]): string[] => {
  let progress: ReportProgress = reportStart;
  return answers.map((answer) => {
    const decision = decideReport(progress, answer, policy);
    ({ progress } = decision);
    const { move } = decision;
    if (move.do === 'use') return move.freshness === 'kept' ? `use kept: ${move.because}` : 'use generated';
    if (move.do === 'fail') return `fail: ${move.refused.code}`;
    return `${move.wait ? 'wait, ' : ''}${move.do}`;
  });
};

const generate = (state: 'STARTED' | 'INPROGRESS' | 'COMPLETE'): ReportAnswer => ({ to: 'generate', state });
const got = (ageMs: number): ReportAnswer => ({ to: 'get', ageMs });

it('generates, polls with waits, gets', () => {
  expect(moves(generate('STARTED'), generate('INPROGRESS'), generate('COMPLETE'), got(5))).toEqual([
    'wait, generate',
    'wait, generate',
    'get',
    'use generated',
  ]);
});

it.each([
  ['absent', 'wait, generate'],
  ['busy', 'wait, get'],
  ['transient', 'wait, get'],
] as const)('I21, I23: a get that is refused as %s: %s', (kind, move) => {
  expect(moves(generate('COMPLETE'), refused('get', kind))).toEqual(['get', move]);
});

it('I21: without capacity the report of an earlier generation is used, with the code of why', () => {
  expect(moves(refused('generate', 'capacity', 'LimitExceeded'), got(1_000))).toEqual([
    'get',
    'use kept: LimitExceeded',
  ]);
});

it('I21: without capacity and without a young report, generation is asked for again', () => {
  expect(
    moves(
      refused('generate', 'capacity'),
      got(1_001),
      refused('generate', 'capacity'),
      refused('get', 'absent'),
      generate('COMPLETE'),
      got(0),
    ),
  ).toEqual(['get', 'wait, generate', 'get', 'wait, generate', 'get', 'use generated']);
});

it('I21: a generation that is throttled is waited for, then does with what there is', () => {
  const throttled = refused('generate', 'transient', 'Throttling');
  expect(moves(throttled, throttled, throttled, refused('get', 'transient'), got(5))).toEqual([
    'wait, generate',
    'wait, generate',
    'get',
    'wait, get',
    'use kept: Throttling',
  ]);
});

it('a generation that starts after all counts as such', () => {
  expect(moves(refused('generate', 'transient'), generate('STARTED'), generate('COMPLETE'), got(5)).at(-1)).toBe(
    'use generated',
  );
});

it('an old report is never used, whatever IAM calls complete', () => {
  expect(moves(generate('COMPLETE'), got(1_001), generate('COMPLETE'), got(Number.NaN))).toEqual([
    'get',
    'wait, generate',
    'get',
    'wait, generate',
  ]);
});

it('what waiting does not mend ends it', () => {
  expect(moves(refused('generate', 'final', 'AccessDenied'))).toEqual(['fail: AccessDenied']);
  expect(moves(generate('COMPLETE'), refused('get', 'final', 'AccessDenied'))).toEqual(['get', 'fail: AccessDenied']);
});

it('each wait and each refusal is counted, for each wait is longer than the one before', () => {
  const first = decideReport(reportStart, refused('generate', 'transient'), policy).progress;
  expect(first).toMatchObject({ waits: 1, refusals: 1 });
  const second = decideReport(first, refused('generate', 'transient'), policy).progress;
  expect(second).toMatchObject({ waits: 2, refusals: 2 });
  expect(decideReport(second, generate('COMPLETE'), policy).progress).toEqual({ waits: 2, refusals: 0 });
});
