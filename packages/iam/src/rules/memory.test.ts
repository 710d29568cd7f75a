import { expect, it } from 'vitest';
import { passwordAnchor } from './memory.ts';

const first = '2026-01-01T00:00:00.000Z';
const second = '2026-02-01T00:00:00.000Z';
const third = '2026-03-01T00:00:00.000Z';
const of = (since: string, moved: boolean, createdAt: string) =>
  passwordAnchor({ firstSeenAt: {}, password: { since, moved } }, createdAt);

it('I37: a password that is made anew moves the grace once, to a later day alone', () => {
  expect(passwordAnchor({ firstSeenAt: {} }, first)).toEqual({ since: first, moved: false });
  expect(of(first, false, second)).toEqual({ since: second, moved: true });
  expect(of(second, true, third)).toEqual({ since: second, moved: true });
  expect(of(second, false, first)).toEqual({ since: second, moved: false });
});

it('the same password leaves the move to the next one', () => {
  expect(of(first, false, first)).toEqual({ since: first, moved: false });
});
