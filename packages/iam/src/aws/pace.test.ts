import { expect, it } from 'vitest';
import { decidePace, startPace } from './pace.ts';

const calm = (epoch: number) => ({ throttled: false, epoch });
const throttled = (epoch: number) => ({ throttled: true, epoch });

it('halves on throttling, once for all calls that were under way', () => {
  const once = decidePace(startPace(8), throttled(0), 8);
  expect(once.limit).toBe(4);
  expect(decidePace(once, throttled(0), 8).limit).toBe(4);
  expect(decidePace(once, throttled(1), 8).limit).toBe(2);
});

it('never goes under one call at a time', () => {
  expect(decidePace({ limit: 1, epoch: 5, calm: 0 }, throttled(5), 8).limit).toBe(1);
});

it('recovers by one after as many calm answers as calls at once, up to the start', () => {
  let pace = decidePace(startPace(4), throttled(0), 4);
  const limits = Array.from({ length: 8 }, () => {
    pace = decidePace(pace, calm(1), 4);
    return pace.limit;
  });
  expect(limits).toEqual([2, 3, 3, 3, 4, 4, 4, 4]);
});

it('learns nothing from the answer to a call of the old pace', () => {
  const pace = decidePace(startPace(4), throttled(0), 4);
  expect(decidePace(pace, calm(0), 4)).toEqual(pace);
});
