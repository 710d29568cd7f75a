import * as z from 'zod/mini';
// By name: `z.core` would bring the whole of it into every bundle.
import { $ZodObjectJIT } from 'zod/v4/core';
import { isRecord } from './parse-error.ts';

// Each message says what is expected; parse errors put it behind "expected". Null counts as absent everywhere.

type Schema<Output> = z.core.$ZodType<Output>;

const coerce = <Output>(read: (value: unknown) => Output | undefined, expected: string): Schema<Output> =>
  z.transform((value: unknown, context) => {
    const output = read(value);
    if (output !== undefined) return output;
    context.issues.push({ code: 'custom', message: expected, input: value });
    return z.NEVER;
  });

const numericText = /^-?\d+(\.\d+)?$/;

const readNumber = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && numericText.test(value) ? Number(value) : value;
  // Adding 0 turns -0 into 0: stored as JSON, -0 would not come back as it was.
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : undefined;
};

/** Text of `minimum` to `maximum` characters. */
export const text = (maximum: number): z.ZodMiniString =>
  z
    .string({ error: 'a string' })
    .check(
      z.minLength(1, { error: `a string of 1 to ${maximum} characters` }),
      z.maxLength(maximum, { error: `a string of 1 to ${maximum} characters` }),
    );

/** Text of any length that has to look like `pattern`. */
export const textLike = (pattern: RegExp, expected: string): z.ZodMiniString =>
  z.string({ error: expected }).check(z.regex(pattern, { error: expected }));

/** A number, or a number as text, within both ends. */
export const numberWithin = (from: number, to: number, expected: string): Schema<number> =>
  coerce((value) => {
    const number = readNumber(value);
    return number !== undefined && number >= from && number <= to ? number : undefined;
  }, expected);

/** A TCP or UDP port. */
export const port: Schema<number> = coerce((value) => {
  const number = readNumber(value);
  return Number.isInteger(number) && number !== undefined && number >= 0 && number <= 65_535 ? number : undefined;
}, 'a port number from 0 to 65535');

/** A boolean, or `true` or `false` as text in any case. */
export const flag: Schema<boolean> = coerce((value) => {
  if (typeof value === 'boolean') return value;
  const lower = typeof value === 'string' ? value.toLowerCase() : '';
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}, 'true or false');

/** Absent, null, or what `inner` takes. */
export const maybe = <Inner extends z.core.$ZodType>(inner: Inner): z.ZodMiniOptional<z.ZodMiniNullable<Inner>> =>
  z.nullish(inner);

/** Something we only show: whatever cannot be read is absent, for it must not keep an attacker unblocked. */
export const shown = <Inner extends z.core.$ZodType>(
  inner: Inner,
): z.ZodMiniCatch<z.ZodMiniOptional<z.ZodMiniNullable<Inner>>> => z.catch(z.nullish(inner), undefined);

/** A schema of an object of which we read these fields and let all others be. */
export type FieldsOf = <Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
) => Schema<z.output<z.ZodMiniObject<Shape, z.core.$strip>>>;

/**
 * The object of zod's full version, which compiles a reader on first use, in place of the mini version's, which walks its
 * fields each time: a fifth off the whole parse. Where code generation is forbidden, zod walks here too.
 */
const objectOf: FieldsOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  // Its constructor is not typed by the shape, though its instance is.
  new $ZodObjectJIT({ type: 'object', shape, error: () => 'an object' }) as unknown as Schema<
    z.output<z.ZodMiniObject<Shape, z.core.$strip>>
  >;

/** Fields under their own names, as EventBridge and exports have them. */
export const camelFields: FieldsOf = objectOf;

/** The name that the API gives a field: `IpAddressV4` for `ipAddressV4`. */
export const pascalName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * Fields under their own names or in PascalCase, as the API has them. Only the fields of `shape` are looked at, so what a
 * document holds besides costs nothing. The same field under both names is refused: which one counts would be a guess.
 */
export const anyCaseFields: FieldsOf = (shape) => {
  const names = Object.keys(shape).map((name) => [name, pascalName(name)] as const);
  const underOwnNames = z.transform((value: unknown, context) => {
    if (!isRecord(value)) return value;
    const fields: Record<string, unknown> = {};
    for (const [name, pascal] of names) {
      if (!Object.hasOwn(value, pascal)) {
        if (Object.hasOwn(value, name)) fields[name] = value[name];
      } else if (Object.hasOwn(value, name)) {
        context.issues.push({ code: 'custom', message: `one of ${name} and ${pascal}`, path: [name], input: value });
      } else fields[name] = value[pascal];
    }
    return fields;
  });
  return z.pipe(underOwnNames, objectOf(shape));
};

/** More probes or interfaces than fit into an event: whoever sends a longer list wants to keep us busy. */
const longestList = 4_096;

/**
 * A list, or a single element where a list of one is meant. Of elements that are not even of the right kind the first one
 * is named alone: a fault for each of a million would take long.
 */
const listOfKind = <Inner extends z.core.$ZodType>(
  inner: Inner,
  expected: string,
  isOfKind: (element: unknown) => boolean,
): Schema<z.output<Inner>[]> =>
  z.pipe(
    z.transform((value: unknown, context) => {
      const list: unknown[] = Array.isArray(value) ? value : [value];
      if (list.length > longestList) {
        context.issues.push({ code: 'custom', message: `a list of at most ${longestList}`, input: value });
        return z.NEVER;
      }
      const wrong = list.findIndex((element) => !isOfKind(element));
      if (wrong === -1) return list;
      context.issues.push({
        code: 'custom',
        message: expected,
        input: value,
        path: Array.isArray(value) ? [wrong] : [],
      });
      return z.NEVER;
    }),
    z.array(inner, { error: 'a list' }),
  );

/** A list of objects, or one alone. */
export const listOf = <Inner extends z.core.$ZodType>(inner: Inner): Schema<z.output<Inner>[]> =>
  listOfKind(inner, 'an object', isRecord);

/** A list of strings, or one alone. */
export const textsOf = <Inner extends z.core.$ZodType>(inner: Inner): Schema<z.output<Inner>[]> =>
  listOfKind(inner, 'a string', (element) => typeof element === 'string');
