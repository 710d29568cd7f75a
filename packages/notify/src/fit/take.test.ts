import { describe, expect, it } from 'vitest';
import { longestNote, omittedNote } from './omitted.ts';
import { takeWhileFits } from './take.ts';

const sizeOf = (text: string): number => text.length;

describe('takeWhileFits', () => {
  it('takes parts in order until one does not fit, and counts the rest', () => {
    const taken = takeWhileFits(['aaa', 'bbb', 'ccc', 'd'], { size: 8, parts: 10 }, (part) => part, sizeOf);
    expect(taken).toEqual({ shown: ['aaa', 'bbb'], omitted: 2, left: 2 });
  });

  it('takes no more parts than it may', () => {
    expect(takeWhileFits(['a', 'b'], { size: 8, parts: 1 }, (part) => part, sizeOf).shown).toEqual(['a']);
    expect(takeWhileFits(['a'], { size: 8, parts: 0 }, (part) => part, sizeOf).omitted).toBe(1);
  });

  it('lets a part be shortened to what is left', () => {
    const taken = takeWhileFits(['aaaa', 'bbbb'], { size: 6, parts: 9 }, (part, left) => part.slice(0, left), sizeOf);
    expect(taken).toEqual({ shown: ['aaaa', 'bb'], omitted: 0, left: 0 });
  });
});

describe('omittedNote', () => {
  it('counts what was left out, in words, within its bound', () => {
    expect(
      omittedNote([
        [3, 'paragraph'],
        [1, 'fact'],
        [0, 'link'],
      ]),
    ).toBe('… 3 paragraphs, 1 fact omitted');
    expect(omittedNote([[0, 'link']])).toBeUndefined();
    const many = ['paragraph', 'fact', 'step', 'link'].map((what) => [1e9, what] as const);
    expect(omittedNote(many)?.length).toBeLessThanOrEqual(longestNote);
  });
});
