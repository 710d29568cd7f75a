/**
 * Characters that change how text is shown without being seen: controls, bidirectional marks and overrides, zero-width
 * characters, fillers, tags, and halves of surrogate pairs. Line feeds, and the joiners and variation selectors that emoji
 * are made of, are not among them.
 */
const hidden =
  /(?!\n|\u200d\p{Extended_Pictographic}|[\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const codePoint = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;

/**
 * Makes what is hidden in a text visible as `[U+202E]`, so that nobody is shown another text than the one that is there.
 * Line breaks of every kind become line feeds, tabs spaces.
 */
export const makeVisible = (text: string): string =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(hidden, codePoint);

/** The same for text that somebody else wrote: its line breaks are shown as well, so it cannot fake a line of ours. */
export const makeVisibleOnOneLine = (text: string): string => makeVisible(text).replace(/\n/g, ' ⏎ ');
