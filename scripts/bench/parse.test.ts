import { allFindingEvents } from '@remedykit/guardduty/testing';
import { expect, it } from 'vitest';
import { benchParse } from './parse.ts';

it('the parser is measured on every builder in every envelope', async () => {
  const lines: string[] = [];
  const figures = await benchParse((line) => void lines.push(line), { rounds: 3, times: 2 });
  expect(Object.keys(figures)).toEqual([
    'findings',
    'bytes',
    'jsonParsePerSec',
    'parsePerSec',
    'ratio',
    'hostileMsPerMb',
  ]);
  for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0);
  // A finding is some kilobytes of JSON.
  expect(figures.bytes / figures.findings).toBeGreaterThan(1_000);
  expect(figures.ratio).toBeCloseTo(figures.jsonParsePerSec / figures.parsePerSec, 1);
  expect(figures.findings).toBe(9 * Object.keys(allFindingEvents).length);
  expect(lines.filter((line) => line.startsWith('ratio by envelope'))).toHaveLength(9);
});
