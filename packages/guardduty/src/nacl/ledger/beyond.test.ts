import { addTo, hours } from '@remedykit/core';
import { expect, it } from 'vitest';
import { countOf, isCounted, isCountedOut, maxBeyond, numberAlone, withCounted, withoutCounted } from './beyond.ts';
import { sampleNow as now } from './sample-ledger.ts';

const host = (n: number): string => `198.51.${100 + (n >> 8)}.${n & 255}/32`;
const hosts = (count: number, from = 0) => Array.from({ length: count }, (_, n) => host(from + n));
const later = (ms: number): Date => new Date(now.getTime() + ms);
const of = (count: number) => withCounted(undefined, hosts(count), now, hours(24));

it('counts each address once, and says when the latest came', () => {
  const two = withCounted(of(2), [host(1), host(1)], later(5), hours(24));
  expect(two).toMatchObject({ since: now.toISOString(), changedAt: addTo(now, 5), atLeast: 2 });
  expect(two).not.toHaveProperty('more');
  expect(withCounted(two, [host(2)], later(-5), hours(24))).toMatchObject({ changedAt: addTo(now, 5), atLeast: 3 });
  expect(countOf(undefined)).toBe(0);
});

it('keeps the number alone as a lower bound, also when more come', () => {
  const seven = of(7);
  if (seven === undefined) throw new Error('nothing was counted');
  const alone = numberAlone(seven);
  expect(alone).toEqual({ ...seven, digests: '', more: true });
  expect(withCounted(alone, [host(9)], later(5), hours(24))).toEqual({ ...alone, changedAt: addTo(now, 5) });
  expect(withoutCounted(alone, [host(1)])).toBe(alone);
  expect(isCountedOut({ beyond: alone })).toBe(true);
  expect(isCounted({ beyond: alone }, host(1))).toBe(false);
});

it('takes out who is listed or denied, down to nothing, and begins anew after as long as a block lasts', () => {
  const two = of(2);
  expect(withoutCounted(undefined, [host(0)])).toBeUndefined();
  expect(withoutCounted(two, [])).toBe(two);
  expect(withoutCounted(two, [host(5)])).toBe(two);
  expect(withoutCounted(two, [host(0)])).toMatchObject({ atLeast: 1 });
  expect(withoutCounted(two, hosts(2))).toBeUndefined();
  const most = withCounted(of(maxBeyond), [host(999)], now, hours(24));
  expect(most).toMatchObject({ atLeast: maxBeyond, more: true });
  // More stays more, also when nobody new comes.
  expect(withCounted(most, [host(1)], now, hours(24))).toEqual(most);
  expect(withoutCounted(most, hosts(maxBeyond))).toMatchObject({ atLeast: 0, more: true, digests: '' });
  expect(withCounted(two, [], later(hours(24)), hours(24))).toBeUndefined();
  expect(withCounted(two, [], later(hours(24) - 1), hours(24))).toEqual(two);
});
