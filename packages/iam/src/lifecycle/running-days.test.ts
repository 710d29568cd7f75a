import { expect, it } from 'vitest';
import { addRunningDays } from './running-days.ts';

const january = (day: number, time = '00:00:00.000'): string => `2026-01-${String(day).padStart(2, '0')}T${time}Z`;
const now = new Date(january(20));
const after = (from: string, until?: string): string =>
  addRunningDays(january(10), 3, [{ from, ...(until === undefined ? {} : { until }), reason: 'sandbox' }], now);

it('a day counts in which no clock stood still for a moment', () => {
  expect(addRunningDays(january(10), 3, [], now)).toBe(january(13));
  expect(addRunningDays(january(10), 0, [], now)).toBe(january(10));
  expect(after(january(11, '23:59:59.999'), january(12))).toBe(january(14));
  expect(after(january(11), january(11, '00:00:00.001'))).toBe(january(14));
  expect(after(january(11, '23:59:59.999'), january(12, '00:00:00.001'))).toBe(january(15));
});

it('a stop that ends as the day begins, or begins as it ends, is none of it', () => {
  expect(after(january(5), january(10))).toBe(january(13));
  expect(after(january(13), january(14))).toBe(january(13));
});

it('one that is open lasts until now, this moment included', () => {
  const open = { from: january(9), reason: 'sandbox' };
  expect(addRunningDays(january(9), 2, [open], new Date(january(10)))).toBe(january(13));
  expect(addRunningDays(january(9), 2, [open], new Date(january(9, '23:59:59.999')))).toBe(january(12));
});
