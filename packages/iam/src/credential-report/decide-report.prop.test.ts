import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideReport, type ReportAnswer, type ReportMove, reportStart } from './decide-report.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const refusal = fc.record({
  code: fc.constantFrom('LimitExceeded', 'Throttling', 'ReportInProgress'),
  kind: fc.constantFrom('capacity' as const, 'absent' as const, 'busy' as const, 'transient' as const),
});
const generated: fc.Arbitrary<ReportAnswer> = fc.oneof(
  fc.record({ to: fc.constant('generate' as const), state: fc.constantFrom('STARTED', 'INPROGRESS', 'COMPLETE') }),
  fc.record({ to: fc.constant('generate' as const), refused: refusal }),
);
const got: fc.Arbitrary<ReportAnswer> = fc.oneof(
  fc.record({ to: fc.constant('get' as const), ageMs: fc.integer({ min: 0, max: 200 }) }),
  fc.record({ to: fc.constant('get' as const), refused: refusal }),
);

it('I22: no two calls of one kind, and no three calls at all, follow each other without a wait', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ generated, got }), { minLength: 1, maxLength: 40 }), (answers) => {
      let progress = reportStart;
      let move: ReportMove = { do: 'generate', wait: false };
      const unwaited: string[] = ['generate'];
      for (const answer of answers) {
        ({ progress, move } = decideReport(progress, move.do === 'get' ? answer.got : answer.generated, {
          maxAgeMs: 99,
        }));
        if (move.do === 'use' || move.do === 'fail') {
          expect('ageMs' in answer.got && answer.got.ageMs <= 99).toBe(true);
          return;
        }
        if (move.wait) unwaited.length = 0;
        unwaited.push(move.do);
        expect(unwaited.length).toBeLessThanOrEqual(2);
        expect(new Set(unwaited).size).toBe(unwaited.length);
      }
    }),
    { numRuns },
  );
});
