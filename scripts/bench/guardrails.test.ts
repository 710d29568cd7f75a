import { expect, it } from 'vitest';
import { benchGuardrails, exemptions } from './guardrails.ts';

it('guardrails are counted, and their evaluator compared with the second one', async () => {
  const lines: string[] = [];
  const figures = await benchGuardrails((line) => void lines.push(line), {
    pairs: 500,
    rounds: 3,
    events: 2_000,
  });
  expect(Object.keys(figures)).toEqual([
    'templates',
    'cases',
    'policies',
    'characters',
    'charactersAsWritten',
    'unpackedCharacters',
    'evaluationsPerSec',
    'replayEventsPerSec',
    'generatedPairs',
    'deniedShare',
    'explainedShare',
    'disagreements',
    'explainedRules',
  ]);
  expect(figures).toMatchObject({ generatedPairs: 500, disagreements: 0 });
  expect(figures.cases).toBeGreaterThan(2 * figures.templates);
  expect(figures.policies).toBe(1);
  expect(figures.characters / figures.unpackedCharacters).toBeLessThanOrEqual(0.65);
  expect(figures.deniedShare).toBeLessThan(1);
  // Three exemptions of 60 characters each.
  expect(exemptions.exemptedPrincipalArns?.map(({ value }) => value.length)).toEqual([60, 60, 60]);
  expect(lines).toContainEqual(expect.stringContaining('service-linked-role: '));
});
