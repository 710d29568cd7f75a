import type { EnabledControl } from '../control-tower/enable-control.ts';
import { descriptionCharacters } from '../data/attachments.ts';
import { policyQuotas } from '../data/quotas.ts';
import type { DeclarativeDocument } from '../declarative/schema.ts';
import { tooLong } from '../pack/error.ts';
import type { PackedPolicies } from '../pack/pack-policies.ts';
import type { PolicyType } from '../policy/document.ts';
import { invalidParameter } from '../templates/invalid.ts';

/** A baseline on an organisational unit, with the properties of `AWS::ControlTower::EnabledBaseline`. */
export interface EnabledBaseline {
  /** ARN of the baseline, `arn:aws:controltower:eu-west-1::baseline/…`. */
  readonly baselineIdentifier: string;
  /** `4.0`; which versions there are, ListBaselines says. */
  readonly baselineVersion: string;
  /** ARN of the organisational unit. */
  readonly targetIdentifier: string;
  readonly parameters?: readonly { readonly key: string; readonly value: unknown }[];
}

/** What is deployed beside packed policies. */
export interface OutputOptions {
  /** Roots, units and accounts to attach every policy to: `r-ab12`, `ou-ab12-11111111`, `111122223333`. */
  readonly targetIds?: readonly string[];
  /** Guardrails of declarative policies, as `blockPublicSnapshots()` gives them. */
  readonly declarative?: readonly DeclarativeToAttach[];
  /** Control Tower controls, as `enableControl` gives them. */
  readonly controls?: readonly { readonly control: EnabledControl }[];
  readonly baselines?: readonly EnabledBaseline[];
}

/** A declarative policy with its name. */
export interface DeclarativeToAttach {
  readonly id: string;
  readonly type: 'DECLARATIVE_POLICY_EC2';
  readonly document: DeclarativeDocument;
}

/** A policy of any type, checked and ready to write. */
export interface PolicyToWrite {
  readonly name: string;
  readonly type: PolicyType | 'DECLARATIVE_POLICY_EC2';
  readonly description: string;
  readonly document: object;
  readonly content: string;
}

/** `guardrails-scp-1` as `guardrailsScp1`. */
export const camel = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => next.toUpperCase())
    .replace(/^./, (first) => first.toLowerCase());

const kebab = (text: string): string => text.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

const target = /^(?:r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|\d{12})$/;

/** Checks target ids; a reference of CDK or Terraform, `${…}`, is left to it. */
export const checkTargets = (where: string, targetIds: readonly string[]): readonly string[] => {
  for (const id of targetIds) {
    if (!target.test(id) && !id.startsWith('${'))
      throw invalidParameter(where, `"${id}" is no root, unit or account, as "ou-ab12-11111111" is.`);
  }
  return [...new Set(targetIds)];
};

/**
 * All policies to write, each within the quota of its type.
 * @throws `POLICY_TOO_LONG`, `GUARDRAIL_PARAMETER_INVALID` for a description or a name that AWS refuses, or names that are not unique
 */
export const policiesToWrite = (
  where: string,
  { policies, report }: PackedPolicies,
  { declarative = [] }: OutputOptions,
): readonly PolicyToWrite[] => {
  const all: readonly PolicyToWrite[] = [
    ...policies,
    ...declarative.map(({ id, type, document }) => ({
      name: `guardrails-${kebab(id)}`,
      type,
      description: id,
      document,
      content: JSON.stringify(document),
    })),
  ];
  const quotas = new Map(report.policies.map(({ name, quota }) => [name, quota]));
  for (const { name, type, description, document } of all) {
    // What is written is the document: a text beside it may say something else by now.
    const { length } = JSON.stringify(document);
    const most = quotas.get(name) ?? policyQuotas.data[type].characters;
    if (length > most)
      throw tooLong(
        `${where}: ${name} has ${length} characters, and a policy of type ${type} takes ${most} (as of ${policyQuotas.asOf}). Pack it with packPolicies.`,
      );
    if (description.length > descriptionCharacters)
      throw invalidParameter(
        where,
        `the description of ${name} has ${description.length} characters, ${descriptionCharacters} are allowed.`,
      );
    if (all.filter((one) => one.name === name).length > 1)
      throw invalidParameter(where, `two policies are named "${name}": give packPolicies another name.`);
  }
  return all;
};

/** The end of an ARN, which tells controls and units apart. */
export const lastOf = (arn: string): string => arn.split('/').at(-1) ?? arn;

/** What registers a unit with Control Tower: its controls wait for it. */
export const registrationsOf = ({ baselines = [] }: OutputOptions, unit: string): readonly EnabledBaseline[] =>
  baselines.filter(({ targetIdentifier }) => targetIdentifier === unit);
