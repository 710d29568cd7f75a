import { Buffer } from 'node:buffer';

/** One element of a list of records, a line, or a document, as text; or the size of one that was too long to hold. */
export type Element = { readonly text: string } | { readonly bytes: number };

/** Takes a JSON text apart as it comes, holding one element at most. */
export interface ElementScanner {
  /** The elements that end in this chunk. */
  push(chunk: Uint8Array): readonly Element[];
  /** The last line, if it is not ended, and whether the text stopped inside something. */
  end(): { readonly elements: readonly Element[]; readonly cut: boolean };
}

/** Lists that hold events: files that CloudTrail delivers, `lookup-events`, CloudTrail Lake, and CloudWatch Logs. */
const lists = new Set(['Records', 'Events', 'QueryResultRows', 'events', 'logEvents']);
const longestKey = 16;

const [quote, backslash, newline, open, close, openList, closeList, comma, colon] = [
  0x22, 0x5c, 0x0a, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a,
];
const isSpace = (byte: number): boolean => byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf;

/**
 * The elements of a list of events wherever it stands in the top object, of a top list, or whole documents and lines where there
 * is no such list. Works on bytes: all that JSON is built of is ASCII, and nothing else is looked at.
 * @param longest bytes of one element
 * @param lines true when each line is a document, whatever the first looks like
 */
export const createElementScanner = (longest: number, lines: boolean): ElementScanner => {
  let asLines = lines;
  let [depth, listDepth, elementDepth] = [0, -1, -1];
  let [inString, escaped, held, hadList, scalar] = [false, false, false, false, false];
  let key: number[] = [];
  let named = '';
  let parts: Buffer[] = [];
  let size = 0;

  const hold = (buffer: Buffer, from: number, to: number): void => {
    size += to - from;
    if (size > longest) parts = [];
    else if (to > from) parts.push(buffer.subarray(from, to));
  };
  const take = (): Element => {
    const element =
      size > longest
        ? { bytes: size }
        : { text: (parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts)).toString('utf8') };
    [parts, size, held] = [[], 0, false];
    return element;
  };
  const isBlank = (element: Element): boolean => 'text' in element && element.text.trim() === '';

  const pushLines = (buffer: Buffer, from: number, found: Element[]): void => {
    let start = from;
    for (let at = buffer.indexOf(newline, start); at !== -1; at = buffer.indexOf(newline, start)) {
      hold(buffer, start, at);
      const element = take();
      if (!isBlank(element)) found.push(element);
      start = at + 1;
    }
    hold(buffer, start, buffer.length);
  };

  return {
    push(chunk) {
      const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const found: Element[] = [];
      if (asLines) {
        // What is held of a chunk outlives it.
        pushLines(Buffer.from(buffer), 0, found);
        return found;
      }
      let start = 0;
      const finish = (end: number): void => {
        hold(buffer, start, end);
        found.push(take());
        elementDepth = -1;
        scalar = false;
      };
      for (let at = 0; at < buffer.length; at += 1) {
        const byte = buffer[at] ?? 0;
        if (inString) {
          const naming = depth === 1 && listDepth === -1;
          // Most of a log are strings: a loop of their own.
          for (; at < buffer.length; at += 1) {
            const inside = buffer[at] ?? 0;
            if (escaped) escaped = false;
            else if (inside === backslash) escaped = true;
            else if (inside === quote) {
              inString = false;
              break;
            }
            if (naming && key.length < longestKey) key.push(inside);
          }
          continue;
        }
        if (isSpace(byte)) continue;
        if (elementDepth === -1 && depth === listDepth && byte !== comma && byte !== closeList) {
          // An element of the list begins.
          [elementDepth, held, start] = [depth, true, at];
          scalar = byte !== open && byte !== openList;
        }
        if (byte === quote) {
          inString = true;
          key = [];
        } else if (byte === open || byte === openList) {
          if (depth === 0) {
            [hadList, named] = [byte === openList, ''];
            if (byte === openList) listDepth = 1;
            else [held, start] = [true, at];
          } else if (depth === 1 && listDepth === -1 && byte === openList && lists.has(named)) {
            [listDepth, hadList] = [2, true];
            // What came before the list is of no interest.
            [parts, size, held] = [[], 0, false];
          }
          depth += 1;
        } else if (byte === close || byte === closeList) {
          if (scalar && depth === listDepth) finish(at);
          depth -= 1;
          if (depth < 0) depth = 0;
          if (elementDepth !== -1 && depth === elementDepth) finish(at + 1);
          else if (depth < listDepth) {
            listDepth = -1;
            named = '';
          }
          if (depth === 0 && !hadList && held) {
            finish(at + 1);
            // No list in it: one document, and what follows is a document a line.
            asLines = true;
            pushLines(Buffer.from(buffer.subarray(at + 1)), 0, found);
            return found;
          }
        } else if (byte === comma) {
          if (scalar && depth === listDepth) finish(at);
          if (depth === 1) named = '';
        } else if (byte === colon && depth === 1 && listDepth === -1) {
          named = Buffer.from(key).toString('latin1');
        } else if (depth === 0) {
          // No JSON begins like this: as lines, each of them is told apart.
          asLines = true;
          pushLines(Buffer.from(buffer.subarray(at)), 0, found);
          return found;
        }
      }
      if (held) hold(Buffer.from(buffer.subarray(start)), 0, buffer.length - start);
      return found;
    },
    end() {
      if (!asLines) return { elements: [], cut: depth > 0 || inString };
      const last = take();
      return { elements: isBlank(last) ? [] : [last], cut: false };
    },
  };
};
