import { describe, expect, it } from 'vitest';
import { makeVisible, makeVisibleOnOneLine } from './visible.ts';

describe('makeVisible', () => {
  it('shows bidirectional overrides, zero-width characters, fillers and controls by their code points', () => {
    expect(makeVisible('user\u202Egnp.exe')).toBe('user[U+202E]gnp.exe');
    expect(makeVisible('a\u200Bb\u2060c\u3164d\u{E0041}e\u0007f\u0000\u009B')).toBe(
      'a[U+200B]b[U+2060]c[U+3164]d[U+E0041]e[U+0007]f[U+0000][U+009B]',
    );
  });

  it('shows halves of surrogate pairs and leaves whole pairs alone', () => {
    expect(makeVisible('\uD83D 😀 \uDE00')).toBe('[U+D83D] 😀 [U+DE00]');
  });

  it('leaves emoji sequences whole, and shows the same joiner between letters', () => {
    expect(makeVisible('👩‍💻 ❤️ a\u200Db')).toBe('👩‍💻 ❤️ a[U+200D]b');
  });

  it('makes every line break a line feed, or shows it where lines could be faked', () => {
    expect(makeVisible('a\r\nb\rc\u2028d\te')).toBe('a\nb\nc\nd e');
    expect(makeVisibleOnOneLine('x\nNot blocked: none')).toBe('x ⏎ Not blocked: none');
  });
});
