import { expect, it } from 'vitest';
import { benchGuardrails } from './guardrails.ts';

it('guardrails are counted, and their evaluator compared with the second one', async () => {
  const lines: string[] = [];
  const figures = await benchGuardrails((line) => void lines.push(line), { pairs: 500, rounds: 3 });
  expect(Object.keys(figures)).toEqual([
    'templates',
    'cases',
    'unpackedCharacters',
    'evaluationsPerSec',
    'generatedPairs',
    'deniedShare',
    'explainedShare',
    'disagreements',
    'explainedRules',
  ]);
  expect(figures).toMatchObject({ generatedPairs: 500, disagreements: 0 });
  expect(figures.cases).toBeGreaterThan(2 * figures.templates);
  expect(figures.deniedShare).toBeLessThan(1);
  expect(lines).toContainEqual(expect.stringContaining('service-linked-role: '));
});
