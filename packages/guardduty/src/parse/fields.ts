import * as z from 'zod/mini';

// Each message says what is expected; parse errors put it behind "expected". Null counts as absent everywhere.

type Schema<Output> = z.ZodMiniType<Output>;

const coerce = <Output>(read: (value: unknown) => Output | undefined, expected: string): Schema<Output> =>
  z.pipe(
    z.unknown(),
    z.transform((value, context) => {
      const output = read(value);
      if (output !== undefined) return output;
      context.issues.push({ code: 'custom', message: expected, input: value });
      return z.NEVER;
    }),
  );

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
export const maybe = <Inner extends z.ZodMiniType>(inner: Inner): z.ZodMiniOptional<z.ZodMiniNullable<Inner>> =>
  z.nullish(inner);

/** Something we only show: whatever cannot be read is absent, for it must not keep an attacker unblocked. */
export const shown = <Inner extends z.ZodMiniType>(
  inner: Inner,
): z.ZodMiniCatch<z.ZodMiniOptional<z.ZodMiniNullable<Inner>>> => z.catch(z.nullish(inner), undefined);

/** An object of which we read these fields and let all others be. */
export const fieldsOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodMiniObject<Shape, z.core.$strip> =>
  z.object(shape, { error: 'an object' });

/** A list, or a single element where a list of one is meant. */
export const listOf = <Inner extends z.ZodMiniType>(inner: Inner): Schema<z.output<Inner>[]> =>
  z.pipe(
    z.transform((value: unknown) => (Array.isArray(value) ? value : [value])),
    z.array(inner, { error: 'a list' }),
  );
