import { existsSync, readFileSync } from 'node:fs';
import { isRemediationError } from '@remedykit/core';
import * as templates from '../index.ts';
import { cloudFormationTemplate, toCloudFormation } from '../outputs/cloudformation.ts';
import type { OutputOptions } from '../outputs/resources.ts';
import { toTerraform } from '../outputs/terraform.ts';
import { type DocumentToPack, packPolicies } from '../pack/pack-policies.ts';
import { guardrailCatalog } from '../templates/catalog.ts';
import { type ExitCode, type Io, misuse } from './io.ts';

/** What `print` takes. */
export interface PrintArguments {
  readonly name: string;
  /** JSON, or a file of it. */
  readonly parameters?: string;
  readonly allowedRegions?: readonly string[];
  readonly partition?: string;
  /** Without white space, which counts against the quota. */
  readonly minify: boolean;
  /** The whole guardrail, with its cases. */
  readonly json: boolean;
  /** As a configuration of Terraform or a template of CloudFormation. */
  readonly format?: 'terraform' | 'cloudformation';
  readonly targetIds?: readonly string[];
}

/** JSON has no dates: the two instants that templates take are written as text. */
const revive = (key: string, value: unknown): unknown =>
  (key === 'expires' || key === 'now') && typeof value === 'string' ? new Date(value) : value;

/** Reads parameters: JSON, or a file of it. @throws `CLI_MISUSE` */
export const readParameters = (text: string): object => {
  try {
    const parsed: unknown = JSON.parse(existsSync(text) ? readFileSync(text, 'utf8') : text, revive);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (cause) {
    throw misuse(`--parameters is neither JSON nor a file of it: ${text}`, cause);
  }
  throw misuse('--parameters must be an object.');
};

type Built = ReturnType<(typeof guardrailCatalog)[number]['example']>;

const isBuilt = (value: unknown): value is Built => typeof value === 'object' && value !== null && 'cases' in value;

const functions: Readonly<Record<string, unknown>> = templates;

const build = (name: string, parameters: object): Built => {
  const known = guardrailCatalog.some((template) => template.name === name);
  const template = known ? functions[name] : undefined;
  if (typeof template !== 'function') throw misuse(`There is no guardrail ${name}: see list.`);
  try {
    const built: unknown = template(parameters);
    if (isBuilt(built)) return built;
  } catch (cause) {
    if (isRemediationError(cause)) throw cause;
    throw misuse(`${name} cannot be built from ${JSON.stringify(parameters)}: see its parameters.`, cause);
  }
  throw misuse(`${name} is no guardrail.`);
};

/** What is attached, deployed or enabled: without the cases and what else is for people. */
const payload = (built: Built): unknown => {
  if (built.type === 'CONFIG_RULE') return built.rules;
  return built.type === 'CONTROL_TOWER_CONTROL' ? built.control : built.document;
};

const asCode = (
  built: Built,
  format: NonNullable<PrintArguments['format']>,
  targetIds: readonly string[] | undefined,
): unknown => {
  const write = (guardrails: readonly DocumentToPack[], more: OutputOptions = {}): unknown => {
    const [packed, options] = [
      packPolicies(guardrails),
      { ...more, ...(targetIds === undefined ? {} : { targetIds }) },
    ];
    return format === 'terraform'
      ? toTerraform(packed, options)
      : cloudFormationTemplate(toCloudFormation(packed, options));
  };
  if (built.type === 'DECLARATIVE_POLICY_EC2') return write([], { declarative: [built] });
  if (built.type === 'CONTROL_TOWER_CONTROL') return write([], { controls: [built] });
  if (built.type === 'CONFIG_RULE')
    throw misuse(`--format is for policies and controls: ${built.id} is a rule of AWS Config.`);
  return write([built]);
};

/** Prints what a guardrail is, ready to attach: a policy, rules of AWS Config, or a control. */
export const print = (given: PrintArguments, io: Io): ExitCode => {
  const { name, allowedRegions, partition, minify, json, format, targetIds } = given;
  const guardrail = build(name, {
    ...(given.parameters === undefined ? {} : readParameters(given.parameters)),
    ...(allowedRegions === undefined ? {} : { allowedRegions }),
    ...(partition === undefined ? {} : { partition }),
  });
  const shown = format === undefined ? (json ? guardrail : payload(guardrail)) : asCode(guardrail, format, targetIds);
  io.out(JSON.stringify(shown, null, minify || json ? 0 : 2));
  return 0;
};
