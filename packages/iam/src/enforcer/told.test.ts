import { days, hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createTold, merged } from './told.ts';

const now = new Date('2026-03-01T10:00:00.000Z');
const later = new Date(now.getTime() + days(1));

describe('what people were told', () => {
  it('is news the first time, again in a run that is repeated within the hour, and not after it', () => {
    const first = createTold({}, now);
    expect(first.isNews('a')).toBe(true);
    const within = new Date(now.getTime() + hours(1) - 1);
    expect(createTold(createTold(first.after(), now).after(), within).isNews('a')).toBe(true);
    expect(createTold(first.after(), new Date(now.getTime() + hours(1))).isNews('a')).toBe(false);
    expect(createTold(first.after(), later).isNews('a')).toBe(false);
  });

  it('is forgotten when it holds no more, and is news when it comes back', () => {
    const first = createTold({}, now);
    first.isNews('a');
    const second = createTold(first.after(), later);
    second.isNews('b');
    expect(createTold(second.after(), later).isNews('a')).toBe(true);
  });

  it('half a run adds to what was told and takes nothing away, and what is kept stays bounded', () => {
    const before = createTold({}, now);
    before.isNews('a');
    const half = createTold(before.after(), later);
    half.isNews('b');
    const kept = merged(before.after(), half.after());
    expect(createTold(kept, later).isNews('a')).toBe(false);

    const many = createTold({}, now);
    for (let index = 0; index < 4_000; index += 1) many.isNews(`one ${index}`);
    const more = createTold({}, later);
    for (let index = 0; index < 4_000; index += 1) more.isNews(`two ${index}`);
    const both = merged(many.after(), more.after());
    expect(Object.keys(both)).toHaveLength(5_000);
    expect(Object.values(both).filter((first) => first === later.toISOString())).toHaveLength(4_000);
  });
});
