import { RemediationError } from '@remedykit/core';

/** What a person asked a function for, field by field. */
export interface RequestFields {
  text(name: string): string;
  optionalTexts(name: string): readonly string[] | undefined;
  oneOf<T extends string>(name: string, values: readonly T[]): T;
  /** A day as in 2027-01-31, which begins at midnight UTC, or an instant as in 2027-01-31T10:00:00Z. */
  instant(name: string): Date;
}

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'REQUEST_INVALID', message: `The event ${what}.` });

/** The instant that a text names, if there is such a day. */
const instantOf = (text: string): Date | undefined => {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text)) return undefined;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10)) ? date : undefined;
};

/**
 * Reads what a function is invoked with by hand. A field that nobody reads is a slip: `ony` must not mean everything.
 * @throws RemediationError `REQUEST_INVALID`, as each field it gives does
 */
export const readRequest = (event: unknown, names: readonly string[]): RequestFields => {
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    throw invalid(`must be a JSON object of ${names.join(', ')}`);
  const stray = Object.keys(event).find((name) => !names.includes(name));
  if (stray !== undefined) throw invalid(`has a field "${stray}"; it may have ${names.join(', ')}`);
  const fields: Readonly<Record<string, unknown>> = { ...event };
  const text = (name: string): string => {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw invalid(`needs a text as "${name}"`);
  };
  return {
    text,
    optionalTexts: (name) => {
      const value = fields[name];
      if (value === undefined) return undefined;
      const isList = Array.isArray(value) && value.length > 0;
      if (isList && value.every((one): one is string => typeof one === 'string')) return value;
      throw invalid(`needs a list of texts as "${name}", or none`);
    },
    oneOf: (name, values) => {
      const value = values.find((one) => one === fields[name]);
      if (value === undefined) throw invalid(`needs "${name}" to be ${values.join(' or ')}`);
      return value;
    },
    instant: (name) => {
      const value = instantOf(text(name));
      if (value === undefined) throw invalid(`needs a day as in 2027-01-31 or an instant in UTC as "${name}"`);
      return value;
    },
  };
};
