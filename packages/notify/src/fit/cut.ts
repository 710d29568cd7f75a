/** How long a text is in the eyes of a target: characters, or what they become when escaped. */
export type Measure = (text: string) => number;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

const countCodePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/**
 * Where a text may be cut: after each character as people see it. A cluster that alone takes a good part of the room
 * (hundreds of combining marks on one letter) may be cut between its code points, else it could not be cut at all.
 */
function* boundaries(text: string, max: number, measure: Measure): Generator<number> {
  for (const { segment, index } of graphemes.segment(text)) {
    if (measure(segment) <= Math.max(32, max / 4)) {
      yield index + segment.length;
      continue;
    }
    let end = index;
    for (const character of segment) {
      end += character.length;
      yield end;
    }
  }
}

/**
 * The text, or as much of its beginning as fits into `max` together with the note of how many characters are missing.
 * Cuts between characters as people see them, never inside a surrogate pair; `measure` is taken of the text as it will be
 * sent, so escaping comes after the cut and no entity can be split either.
 * @example
 * ```ts
 * cut('a long description', 150, (text) => escapeText(text).length);
 * ```
 */
export const cut = (text: string, max: number, measure: Measure = (whole) => whole.length): string => {
  if (measure(text) <= max) return text;
  const ends: number[] = [0];
  let used = 0;
  let from = 0;
  for (const end of boundaries(text, max, measure)) {
    used += measure(text.slice(from, end));
    if (used > max) break;
    ends.push(end);
    from = end;
  }
  const shortenedTo = (end: number): string =>
    `${text.slice(0, end).trimEnd()} … ${countCodePoints(text.slice(end))} characters omitted`;
  // Text may measure more as a whole than in pieces (an escape that depends on its neighbour), so that far too many ends
  // are left: halving them, instead of going back one by one, keeps crafted text from taking seconds.
  let fits: string | undefined;
  for (let low = 0, high = ends.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    const shortened = shortenedTo(ends[middle] ?? 0);
    if (measure(shortened) <= max) {
      fits = shortened;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return fits ?? (measure('…') <= max ? '…' : '');
};
