import { expect, it } from 'vitest';
import { minutes } from '../time.ts';
import { createTestClock } from './test-clock.ts';

it('stands until it is moved', () => {
  const clock = createTestClock(new Date('2026-11-24T10:00:00.000Z'));
  clock.now().setFullYear(1999);
  expect(clock.now().toISOString()).toBe('2026-11-24T10:00:00.000Z');
  clock.advance(minutes(5));
  expect(clock.now().toISOString()).toBe('2026-11-24T10:05:00.000Z');
  clock.set(new Date('2026-11-25T00:00:00.000Z'));
  clock.advance(-1);
  expect(clock.now().toISOString()).toBe('2026-11-24T23:59:59.999Z');
});
