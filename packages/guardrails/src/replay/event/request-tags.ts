/** The tags that a request brings: by key, with the value where it brings one. */
export type RequestTags = ReadonlyMap<string, string | undefined>;

const named = /^tags?$|tags?(set|keys?|list|specifications?|specificationset)?$/i;
/** Tags in a form of their own, as text: they are not read. */
const unread = /tagging/i;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const field = (value: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.entries(value).find(([key]) => key.toLowerCase() === name || key.toLowerCase() === `tag${name}`)?.[1];

/**
 * Reads the tags of a request from its parameters: lists of key and value, lists of keys, and objects of keys and values, under any
 * name of tags, wherever they stand.
 * @returns undefined where there are no parameters, or tags in a form that is not known: then nothing can be said of them
 */
export const requestTags = (parameters: unknown): RequestTags | undefined => {
  if (!isObject(parameters) || Object.keys(parameters).length === 0) return undefined;
  const tags = new Map<string, string | undefined>();
  let left = 500;
  /** False where a form is not known. */
  const read = (value: unknown, depth: number): boolean => {
    left -= 1;
    if (left < 0 || depth > 6) return false;
    if (Array.isArray(value)) return value.every((one) => read(one, depth + 1));
    if (typeof value === 'string') {
      tags.set(value, tags.get(value));
      return true;
    }
    if (!isObject(value)) return value === null;
    const [key, content] = [field(value, 'key'), field(value, 'value')];
    if (typeof key === 'string') {
      tags.set(key, typeof content === 'string' ? content : undefined);
      return content === undefined || content === null || typeof content === 'string';
    }
    const inner = Object.entries(value);
    if (inner.some(([name]) => named.test(name) || name === 'items'))
      return inner.every(([name, one]) => (named.test(name) || name === 'items' ? read(one, depth + 1) : true));
    for (const [name, one] of inner) {
      if (typeof one !== 'string') return false;
      tags.set(name, one);
    }
    return true;
  };
  const search = (value: unknown, depth: number): boolean => {
    left -= 1;
    if (left < 0 || depth > 6) return false;
    if (Array.isArray(value)) return value.every((one) => search(one, depth + 1));
    if (!isObject(value)) return true;
    return Object.entries(value).every(([name, one]) => {
      if (unread.test(name)) return false;
      // A tag of an image is a text, and no tag of a request.
      if (named.test(name) && typeof one === 'object') return read(one, depth + 1);
      return search(one, depth + 1);
    });
  };
  return search(parameters, 0) ? tags : undefined;
};
