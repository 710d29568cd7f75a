/** A line, or nothing in place of one that is too long. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

/**
 * Splits text that comes in pieces into lines, holding one line at most. `longest(line)` says how many characters a line
 * may have; of a longer one only the number is given.
 */
export async function* linesOf(
  pieces: AsyncIterable<string>,
  longest: (number: number) => number,
): AsyncGenerator<Line, void, undefined> {
  let held: string[] = [];
  let length = 0;
  let number = 1;
  const hold = (part: string): void => {
    length += part.length;
    if (length <= longest(number)) held.push(part);
    else held = [];
  };
  const take = (): Line => {
    const line = { number, text: length <= longest(number) ? held.join('') : undefined };
    held = [];
    length = 0;
    number += 1;
    return line;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      hold(piece.slice(start, end));
      yield take();
      start = end + 1;
    }
    if (start < piece.length) hold(piece.slice(start));
  }
  if (length > 0) yield take();
}
