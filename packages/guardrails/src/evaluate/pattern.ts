/** A text to compare with, where a number stands for a wildcard: a literal `*` is no wildcard. */
export type Pattern = readonly (string | typeof anyText | typeof anyCharacter)[];

export const anyText = 0;
export const anyCharacter = 1;

/** What a variable stands for in this request; undefined when it has no value. */
export type Lookup = (key: string) => string | undefined;

const variable = /^([^,]+?)\s*(?:,\s*'(.*)')?$/s;

/** The value of `${…}`. The three escapes have the fixed value that they name. */
const variableValue = (inner: string, lookup: Lookup): string | undefined => {
  if (inner === '*' || inner === '?' || inner === '$') return inner;
  const [, key = '', fallback] = variable.exec(inner.trim()) ?? [];
  // A key with an empty value has no value: the default stands in.
  return lookup(key) || fallback;
};

/** How a text of a policy is read. */
export interface PatternOptions {
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  /** Resolves policy variables; without it, `${…}` stands for itself. */
  readonly lookup?: Lookup;
}

const compile = (text: string, { wildcards, lookup }: PatternOptions): Pattern | undefined => {
  const parts: (string | 0 | 1)[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const end = lookup !== undefined && text.startsWith('${', at) ? text.indexOf('}', at) : -1;
    if (lookup !== undefined && end > 0) {
      const value = variableValue(text.slice(at + 2, end), lookup);
      if (value === undefined) return undefined;
      literal += value;
      at = end;
    } else if (wildcards && (character === '*' || character === '?')) {
      flush();
      if (character === '?') parts.push(anyCharacter);
      else if (parts.at(-1) !== anyText) parts.push(anyText);
    } else literal += character;
  }
  flush();
  return parts;
};

/**
 * Remembers patterns that no request changes: policies repeat themselves, and a replay reads the same ones a million times.
 * Bounded, for a program may see any number of policies.
 */
export const patternMemo = (make: (text: string) => Pattern): ((text: string) => Pattern) => {
  const known = new Map<string, Pattern>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (known.size >= 20_000) known.clear();
    known.set(text, made);
    return made;
  };
};

/** A text with wildcards and without variables, as a pattern. */
export const compilePattern = (text: string): Pattern => compile(text, { wildcards: true }) ?? [];

const withWildcards = patternMemo(compilePattern);

/** A text of a policy as a pattern; undefined when one of its variables has no value, so that nothing equals it. */
export const toPattern = (text: string, options: PatternOptions): Pattern | undefined =>
  options.wildcards && !text.includes('${') ? withWildcards(text) : compile(text, options);

/** How many characters of the text one part takes at this place, or -1. */
const taken = (part: string | 0 | 1, text: string, at: number): number => {
  if (part === anyCharacter) return at < text.length ? 1 : -1;
  return typeof part === 'string' && text.startsWith(part, at) ? part.length : -1;
};

/** Whether the whole text fits. Time is bounded by the product of both lengths, whatever the pattern. */
export const patternMatches = (pattern: Pattern, text: string): boolean => {
  if (pattern.length === 1 && typeof pattern[0] === 'string') return pattern[0] === text;
  let [part, at] = [0, 0];
  // Where to go on when what follows the last `*` does not fit: the star takes one character more.
  let [afterStar, retryAt] = [-1, 0];
  while (at < text.length || part < pattern.length) {
    const current = pattern[part];
    if (current === anyText) {
      part += 1;
      [afterStar, retryAt] = [part, at];
      if (part === pattern.length) return true;
      continue;
    }
    const length = current === undefined ? -1 : taken(current, text, at);
    if (length >= 0) {
      part += 1;
      at += length;
    } else if (afterStar >= 0 && retryAt < text.length) {
      retryAt += 1;
      [part, at] = [afterStar, retryAt];
    } else return false;
  }
  return true;
};
