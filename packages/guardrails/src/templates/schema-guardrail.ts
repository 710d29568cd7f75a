/** One document, and whether the schema of its kind takes it. */
export interface SchemaCase {
  readonly name: string;
  readonly document: unknown;
  readonly expect: 'valid' | 'invalid';
}

/** A document with one value put in the place that a path leads to. */
const withValue = (document: unknown, [key, ...rest]: readonly string[], value: unknown): unknown => {
  if (key === undefined) return value;
  if (Array.isArray(document))
    return document.map((item, index) => (`${index}` === key ? withValue(item, rest, value) : item));
  const fields = typeof document === 'object' && document !== null ? document : {};
  return { ...fields, [key]: withValue(Object.entries(fields).find(([name]) => name === key)?.[1], rest, value) };
};

/** A place in a document, and a value that does not belong there. */
export interface WrongValue {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The document itself, and each wrong value in it: one element away, and refused. */
export const schemaCases = (document: unknown, wrong: readonly WrongValue[]): readonly SchemaCase[] => [
  { name: 'is taken as it is', document, expect: 'valid' },
  ...wrong.map(
    ({ path, value }): SchemaCase => ({
      name: `is refused with ${path.join('.')} = ${JSON.stringify(value)}`,
      document: withValue(document, path, value),
      expect: 'invalid',
    }),
  ),
];
