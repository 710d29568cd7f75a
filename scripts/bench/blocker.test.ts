import { expect, it } from 'vitest';
import { benchBlocker } from './blocker.ts';

it('the blocker keeps to its calls per finding', async () => {
  const lines: string[] = [];
  const figures = await benchBlocker((line) => void lines.push(line));
  expect(figures.newIpCalls).toBeLessThanOrEqual(6);
  expect(figures.refreshCalls).toBeLessThanOrEqual(2);
  expect(figures.refreshExtendCalls).toBeLessThanOrEqual(3);
  expect(figures.verifyCalls).toBe(1);
  // Addresses, interfaces, VPCs, customer gateways, rules of security groups, detector, two control documents, the daily counts of the ledgers.
  expect(figures.inventoryCalls).toBe(9);
  expect(Object.keys(figures)).toHaveLength(7);
  expect(lines).toContain('drift: a refresh noticed the deny that was gone and put it back');
});
