import { describe, expect, it } from 'vitest';
import { isSentence } from './sentences.ts';
import { type MutationReport, scoreOf, sumOf, survivorsOf, talliesOf } from './tally.ts';

const mutant = (status: string, column = 1) => ({
  mutatorName: 'BooleanLiteral',
  replacement: 'false',
  status,
  location: { start: { line: 2, column }, end: { line: 2, column: column + 4 } },
});

const report: MutationReport = {
  files: {
    'src/b.ts': {
      source: '',
      mutants: [mutant('Killed'), mutant('Timeout'), mutant('Ignored'), mutant('RuntimeError')],
    },
    'src/a.ts': {
      source: 'const no = false;\nreturn true;\n',
      mutants: [mutant('Survived', 8), mutant('NoCoverage', 8), mutant('Killed')],
    },
  },
};

describe('mutation figures', () => {
  it('count what no test ran as survived, and what was left out not at all', () => {
    expect(talliesOf(report, 'packages/core/')).toEqual([
      ['packages/core/src/a.ts', { killed: 1, survived: 2, timeout: 0 }],
      ['packages/core/src/b.ts', { killed: 1, survived: 0, timeout: 1 }],
    ]);
  });

  it('give a score that is never rounded up, and nothing for nothing', () => {
    expect(scoreOf(sumOf(talliesOf(report, '').map(([, tally]) => tally)))).toBe(60);
    expect(scoreOf({ killed: 89_999, survived: 10_001, timeout: 0 })).toBe(89.99);
    expect(scoreOf(sumOf([]))).toBe(0);
  });

  it('say where a survivor is and what it became', () => {
    expect(survivorsOf(report, 'packages/core/')).toEqual([
      'packages/core/src/a.ts:2:8 BooleanLiteral: true => false',
      'packages/core/src/a.ts:2:8 BooleanLiteral: true => false',
    ]);
  });
});

describe('sentences', () => {
  it('are texts with a space, as literals or templates; codes, keys and states are none', () => {
    const template = (...raw: string[]) => ({
      type: 'TemplateLiteral',
      quasis: raw.map((each) => ({ value: { raw: each } })),
    });
    expect(isSentence({ type: 'StringLiteral', value: 'The finding is archived.' })).toBe(true);
    expect(isSentence(template('Account ', ' is not listed.'))).toBe(true);
    expect(isSentence({ type: 'StringLiteral', value: 'own-address' })).toBe(false);
    expect(isSentence(template('control/', ''))).toBe(false);
    expect(isSentence({ type: 'NumericLiteral', value: 7 })).toBe(false);
  });
});
