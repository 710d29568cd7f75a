/**
 * What EventBridge does with a pattern, for tests: every field of the pattern has to match, by any of its alternatives.
 * Only what our patterns use; anything else is refused, so that a pattern cannot pass by being misread.
 * Source: EventBridge user guide, event pattern comparison operators.
 */
export const matchesPattern = (pattern: object, event: unknown): boolean =>
  Object.entries(pattern).every(([field, wanted]: [string, unknown]) => {
    const value: unknown = isFields(event) ? event[field] : undefined;
    if (Array.isArray(wanted)) return wanted.some((alternative: unknown) => matchesValue(alternative, value));
    if (isFields(wanted)) return matchesPattern(wanted, value);
    throw new Error(`not a pattern: ${JSON.stringify(wanted)}`);
  });

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const matchesValue = (alternative: unknown, value: unknown): boolean => {
  if (typeof alternative === 'string') return value === alternative;
  if (isFields(alternative) && Object.keys(alternative).length === 1) {
    const { prefix, numeric } = alternative;
    if (typeof prefix === 'string') return typeof value === 'string' && value.startsWith(prefix);
    if (Array.isArray(numeric) && numeric.length === 2 && numeric[0] === '>=' && typeof numeric[1] === 'number') {
      return typeof value === 'number' && value >= numeric[1];
    }
  }
  throw new Error(`not an alternative: ${JSON.stringify(alternative)}`);
};
