import { collected, findingsIn, openEach, outermost, type Unread } from './finding-in.ts';
import { parseJsonText } from './json-text.ts';
import { sentence } from './parse-error.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The findings of one JSON document as text; `name` is its name for people. */
export const findingsInJson = (text: string, name: string): Iterable<Unread> =>
  findingsIn(parseJsonText(text, sentence(name)), { ...collected(outermost), within: name });

/** Whether a text is JSON lines rather than one document: its first line that is not blank is whole by itself. */
export const isFirstOfLines = (line: string): boolean => line.trim() !== '' && isJson(line);

function* inLines(text: string): Generator<Unread> {
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    const line = text.slice(start, end);
    number += 1;
    start = end + 1;
    if (line.trim() !== '') yield* openEach(() => findingsInJson(line, `line ${number} of the text`));
  }
}

/** The findings of text: one JSON document, or JSON lines. */
export const findingsInText = (text: string): Iterable<Unread> => {
  const body = text.trim();
  const end = body.indexOf('\n');
  const isLines = end !== -1 && isFirstOfLines(body.slice(0, end));
  return isLines ? inLines(text) : findingsInJson(text, 'the text');
};
