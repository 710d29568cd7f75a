import { describe, expect, it } from 'vitest';
import { cut } from './cut.ts';

describe('cut', () => {
  it('leaves alone what fits exactly', () => {
    expect(cut('a'.repeat(150), 150)).toBe('a'.repeat(150));
  });

  it('says how many characters are missing, within the limit', () => {
    const shortened = cut('a'.repeat(151), 150);
    expect(shortened).toHaveLength(150);
    const [, kept = '', omitted = ''] = /^(a+) … (\d+) characters omitted$/.exec(shortened) ?? [];
    expect(kept.length + Number(omitted)).toBe(151);
  });

  it('N14: cuts between characters as people see them, whichever the boundary', () => {
    const family = '👨‍👩‍👧‍👦';
    for (let max = 30; max < 120; max += 1) {
      const kept = cut(family.repeat(12), max).split(' … ')[0] ?? '';
      expect(kept.replaceAll(family, '')).toBe('');
    }
  });

  it('cuts inside one letter with thousands of combining marks, which could not be shortened otherwise', () => {
    const shortened = cut(`z${'\u0301'.repeat(5000)}`, 150);
    expect(shortened.length).toBeLessThanOrEqual(150);
    expect(shortened).toMatch(/^z\u0301+ … \d+ characters omitted$/);
  });

  it('gives an ellipsis, or nothing, where not even the note fits', () => {
    expect(cut('abcdef', 3)).toBe('…');
    expect(cut('abcdef', 0)).toBe('');
  });

  it('N14: crafted text costs no more measuring than other text, whatever a measure makes of neighbours', () => {
    let measured = 0;
    // In pieces each brace counts one; together each but the last counts four.
    const measure = (text: string): number => {
      measured += 1;
      return text.replace(/\{(?=\{)/g, '{___').length;
    };
    const shortened = cut('{'.repeat(8000), 4000, measure);
    expect(measure(shortened)).toBeLessThanOrEqual(4000);
    expect(measure(shortened)).toBeGreaterThan(3990);
    // Two for each of the 4,000 braces that fit one by one, and a few for the whole; going back one by one takes 3,000 more.
    expect(measured).toBeLessThan(8100);
  });
});
