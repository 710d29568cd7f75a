import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blockReasons } from './reasons.ts';
import { threatReasons } from './threats/reasons.ts';

/** The source files under a folder as one text, without comments, tests and what only tests use. */
const sourceOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.|sample-|^testing\b/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''))
    .join('\n');

const here = import.meta.dirname;
const source = ['gate', 'nacl', 'overflow'].map((folder) => sourceOf(join(here, folder))).join('\n');
const all = sourceOf(here).replace(readFileSync(join(here, 'reasons.ts'), 'utf8'), '');
const core = sourceOf(join(here, '..', '..', 'core', 'src'));
const readme = readFileSync(join(here, '..', 'README.md'), 'utf8');

const found = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map(([, code = '']) => code);

/** Codes that core gives, through the functions that the blocker uses. */
const fromCore = ['paused', 'control-unreadable', 'dry-run', 'error'];

/** Errors that reach the caller, or that become a reason of another name; every other one becomes the reason of its name. */
const noReasons = [
  'BLOCKER_OPTION_INVALID',
  'BLOCK_INPUT_INVALID',
  'UNBLOCK_QUERY_INVALID',
  'EXPLAIN_QUERY_INVALID',
  'DRAIN_REQUEST_INVALID',
  'RECONCILE_OPTION_INVALID',
  'PLAN_TIME_INVALID',
  'REMAINING_TIME_INVALID',
  'OUTCOME_MISSING',
  'ENTRY_NOT_VISIBLE',
  'OWN_ADDRESSES_STALE',
  'OWN_ADDRESSES_INVALID',
  'OWN_ADDRESSES_MISSING',
  'AWS_RANGES_INVALID',
  'IPAM_AGE_UNKNOWN',
  'RECORD_EMPTY',
  'OVERFLOW_ANSWER_INVALID',
  'OVERFLOW_STATE_INVALID',
];

const used = (): string[] => [
  ...found(/\breason(?:: string)?:\s*'([a-z0-9-]+)'/g, source),
  ...found(/\b(?:refused|escalated|failed|no)\(\s*'([a-z0-9-]+)'/g, source),
  ...found(/\bdrop\(\s*slot,\s*'\w+',\s*'([a-z0-9-]+)'/g, source),
  ...found(/\b(?:unplaced|failure|unplacedSlot|noPlaces)\((?:\s*\w+,)+\s*'([a-z0-9-]+)'/g, source),
  // Where a condition chooses between two.
  ...found(/\? '([a-z0-9-]+)' : '[a-z0-9-]+'\s*[,;}]/g, source).filter((code) => code in blockReasons),
  ...found(/^ {2}(\w+): '/gm, /createBecause = \{[\s\S]*?\}/.exec(source)?.[0] ?? ''),
  ...found(/\bcode: '([A-Z_]+)'/g, source)
    .filter((code) => !noReasons.includes(code))
    .map((code) => code.toLowerCase().replaceAll('_', '-')),
];

/** The first two columns of the table under a heading of the README. */
const documented = (heading: string): Record<string, string> => {
  const section = readme.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return Object.fromEntries(
    [...section.matchAll(/^\| `([\w-]+)` \| (.*?) \|(?=\n| )/gm)].map(([, code = '', text = '']) => [code, text]),
  );
};

describe('blockReasons', () => {
  it('lists every reason that the gate and the blocker give, and no other', () => {
    const given = [...new Set([...used(), ...fromCore])].toSorted();
    expect(given).toEqual(Object.keys(blockReasons).toSorted());
  });

  it.each(fromCore)('lists what core gives: %s', (reason) => {
    expect(core).toMatch(new RegExp(`reason(: string)?: '${reason}'`));
  });

  it('shares no code with the reasons of the threat table', () => {
    expect(Object.keys(blockReasons).filter((code) => code in threatReasons)).toEqual([]);
  });

  it('gives each a sentence', () => {
    for (const sentence of Object.values(blockReasons)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe('README', () => {
  it('documents every reason with its sentence, and no other', () => {
    expect(documented('Reasons')).toEqual(blockReasons);
    expect(documented('Reasons of the threat table')).toEqual(threatReasons);
  });

  it('documents every error code, and no other', () => {
    const inUnion = found(/^ {2}\| '([A-Z_]+)'/gm, all);
    const codes = [...new Set([...found(/\bcode: '([A-Z_]+)'/g, all), ...inUnion])];
    expect(Object.keys(documented('Errors')).toSorted()).toEqual(codes.toSorted());
  });

  it('documents every outcome of a threat', () => {
    const outcomes = /export type ThreatResult =([^;]*);/.exec(source)?.[1] ?? '';
    expect(Object.keys(documented('Outcomes')).toSorted()).toEqual(found(/'([a-z0-9-]+)'/g, outcomes).toSorted());
  });
});
