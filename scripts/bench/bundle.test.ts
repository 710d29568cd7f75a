import { expect, it } from 'vitest';
import { benchBundle } from './bundle.ts';

it('a handler is measured beside the floor of its AWS clients', { timeout: 120_000 }, async () => {
  const lines: string[] = [];
  const { handlers } = await benchBundle((line) => void lines.push(line), { rounds: 1, handlers: ['event-handler'] });
  const [measured] = handlers;
  if (measured === undefined) throw new Error('No handler was measured.');
  const { name, ...figures } = measured;
  expect(name).toBe('event-handler');
  expect(Object.keys(figures)).toEqual([
    'bytes',
    'initMs',
    'floorBytes',
    'floorInitMs',
    'shakenFloorBytes',
    'shakenFloorInitMs',
    'bytesRatio',
    'initRatio',
    'ownBytes',
  ]);
  for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0);
  expect(figures.ownBytes).toBe(figures.bytes - figures.shakenFloorBytes);
  expect(figures.shakenFloorBytes).toBeLessThan(figures.floorBytes);
  expect(lines.length).toBeGreaterThan(0);
});
