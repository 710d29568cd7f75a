import * as z from 'zod/mini';
import { camelFields, numberWithin, shown } from '../fields.ts';

type Shown<Value> = Value | null | undefined;

/** The severity of a Security Hub finding, as far as it can be read. */
export interface Severity {
  readonly Product?: Shown<number>;
  readonly Original?: Shown<number>;
  readonly Normalized?: Shown<number>;
  readonly Label?: Shown<string>;
}

/** The severity of a Security Hub finding; every part is optional, and whatever cannot be read counts as absent. */
export const severitySchema: z.core.$ZodType<Severity> = camelFields({
  Product: shown(numberWithin(0, 10, 'a number from 0 to 10')),
  Original: shown(numberWithin(0, 10, 'a number from 0 to 10')),
  Normalized: shown(numberWithin(0, 100, 'a number from 0 to 100')),
  Label: shown(z.string()),
});

/** Where each of GuardDuty's bands begins. Source: GuardDuty user guide, severity levels. */
const bandStarts: ReadonlyMap<string, number> = new Map([
  ['INFORMATIONAL', 0],
  ['LOW', 1],
  ['MEDIUM', 4],
  ['HIGH', 7],
  ['CRITICAL', 9],
]);

const numberOf = (severity: Shown<Severity>): number | undefined =>
  severity?.Product ?? severity?.Original ?? (severity?.Normalized == null ? undefined : severity.Normalized / 10);

const bandOf = (severity: Shown<Severity>): number | undefined => bandStarts.get(severity?.Label?.toUpperCase() ?? '');

/**
 * GuardDuty's severity, 0 to 10: a number before a label, and what the provider wrote before what an analyst may have
 * changed. It may be the analyst's all the same, so it is shown and never ranks.
 */
export const readSeverity = (provider: Shown<Severity>, current: Shown<Severity>): number | undefined =>
  numberOf(provider) ?? numberOf(current) ?? bandOf(provider) ?? bandOf(current);
