import type { PolicyType } from '../policy/document.ts';

/** How full one policy is. */
export interface PolicySize {
  readonly name: string;
  readonly type: PolicyType;
  readonly statements: number;
  readonly characters: number;
  /** Characters that AWS takes. */
  readonly quota: number;
  /** Characters that are left. */
  readonly headroom: number;
}

/** How many policies of a type there are, of those that may be attached to one target. */
export interface SlotUse {
  readonly type: PolicyType;
  readonly used: number;
  /** Taken by others: FullAWSAccess, Control Tower. */
  readonly reserved: number;
  readonly quota: number;
  readonly headroom: number;
}

/** A statement and what it was made of, so that a denial that names its Sid can be traced. */
export interface TracedStatement {
  readonly policy: string;
  /** Empty where no source had a name. */
  readonly sid: string;
  readonly sources: readonly { readonly policy?: string; readonly sid?: string }[];
}

/** How much room policies take, and what is left. Plain data. */
export interface PackReport {
  /** Day of the quotas. */
  readonly asOf: string;
  readonly policies: readonly PolicySize[];
  readonly slots: readonly SlotUse[];
  readonly characters: number;
  /** Of what was given, each document by itself and without white space. */
  readonly unpackedCharacters: number;
  readonly statements: readonly TracedStatement[];
}

const words = { SERVICE_CONTROL_POLICY: 'SCP', RESOURCE_CONTROL_POLICY: 'RCP' } as const;

/**
 * A report as a table for people.
 * @example
 * ```ts
 * import { denyLeaveOrganization, packPolicies, packTable } from '@remedykit/guardrails';
 * console.log(packTable(packPolicies([denyLeaveOrganization()]).report));
 * ```
 */
export const packTable = ({ asOf, policies, slots, characters, unpackedCharacters }: PackReport): string => {
  const rows: readonly (readonly string[])[] = [
    ['policy', 'type', 'statements', 'characters', 'of', 'headroom'],
    ...policies.map((one) => [
      one.name,
      words[one.type],
      `${one.statements}`,
      `${one.characters}`,
      `${one.quota}`,
      `${one.headroom}`,
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const share = unpackedCharacters === 0 ? 0 : Math.round((100 * characters) / unpackedCharacters);
  return [
    ...lines,
    ...slots.map(
      ({ type, used, reserved, quota, headroom }) =>
        `${words[type]}: ${used} of ${quota} that may be attached to a target, ${reserved} reserved, ${headroom} free`,
    ),
    `${characters} characters of ${unpackedCharacters} before (${share} %); quotas as of ${asOf}`,
  ].join('\n');
};
