import { expect, it } from 'vitest';
import { benchIam } from './index.ts';

it('I39, I40: detection costs few requests, an offender at most four, and a second run changes nothing and mails nobody', async () => {
  const lines: string[] = [];
  const figures = await benchIam((line) => void lines.push(line), { users: 1_000 });
  expect(figures).toMatchObject({ users: 1_000, offenders: 300, secondRunWrites: 0, secondRunMails: 0 });
  expect(figures.callsPerOffender).toBeLessThanOrEqual(4);
  expect(figures.detectionCalls).toBeLessThanOrEqual(10);
  expect(figures.warned).toBeGreaterThan(0);
  expect(figures.totalCalls).toBeGreaterThanOrEqual(figures.detectionCalls + figures.reportPolls);
  expect(Object.values(figures).every((figure) => Number.isFinite(figure))).toBe(true);
  expect(lines).toHaveLength(3);
  await expect(benchIam(() => {}, { users: 7 })).rejects.toThrow('ended with 1');
});
