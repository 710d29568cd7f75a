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
export const findingsInJson = (text: string, name: string): Unread[] =>
  findingsIn(parseJsonText(text, sentence(name)), { ...collected(outermost), within: name });

/** Whether a text is JSON lines rather than one document: its first line that is not blank is whole by itself. */
export const isFirstOfLines = (line: string): boolean => line.trim() !== '' && isJson(line);

/** The findings of text: one JSON document, or JSON lines. */
export const findingsInText = (text: string): Unread[] => {
  const body = text.trim();
  const end = body.indexOf('\n');
  if (end === -1 || !isFirstOfLines(body.slice(0, end))) return findingsInJson(text, 'the text');
  return text
    .split('\n')
    .flatMap((line, index) =>
      line.trim() === '' ? [] : openEach(() => findingsInJson(line, `line ${index + 1} of the text`)),
    );
};
