import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText } from '../slack/escape.ts';
import { cut } from './cut.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const text = fc.string({ unit: 'binary', maxLength: 400 });
const markupHeavy = fc.string({ unit: fc.constantFrom('&', '<', '>', 'é', '😀', 'a', '\u0301'), maxLength: 400 });

describe('cut', () => {
  it('N14: stays within the limit and never splits a surrogate pair', () => {
    fc.assert(
      fc.property(fc.oneof(text, markupHeavy), fc.integer({ min: 0, max: 300 }), (input, max) => {
        const shortened = cut(input, max);
        expect(shortened.length).toBeLessThanOrEqual(max);
        expect(shortened).not.toMatch(/\p{Cs}/u);
      }),
      { numRuns },
    );
  });

  it('N13: a cut measured as escaped never splits an entity', () => {
    fc.assert(
      fc.property(markupHeavy, fc.integer({ min: 1, max: 300 }), (input, max) => {
        const sent = escapeText(cut(input, max, (whole) => escapeText(whole).length));
        expect(sent.length).toBeLessThanOrEqual(max);
        expect(sent.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      }),
      { numRuns },
    );
  });

  it('keeps a true beginning of the text', () => {
    fc.assert(
      fc.property(markupHeavy, fc.integer({ min: 40, max: 300 }), (input, max) => {
        const shortened = cut(input, max);
        const kept = shortened.replace(/ … \d+ characters omitted$/, '');
        expect(input.startsWith(kept)).toBe(true);
      }),
      { numRuns },
    );
  });
});
