import { invalidParameter } from './invalid.ts';
import { literal } from './placeholder.ts';

declare const kind: unique symbol;

/** A Region that was checked: `eu-west-1`. */
export type Region = string & { readonly [kind]: 'region' };

/** An organisation's id that was checked: `o-a1b2c3d4e5`. */
export type OrganizationId = string & { readonly [kind]: 'organization' };

/** An account's id that was checked: 12 digits. */
export type AccountId = string & { readonly [kind]: 'account' };

/** Where an organisation lives; ARNs and Regions of another partition are refused. */
export type Partition =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f'
  | 'aws-eusc';

/** How the Regions of each partition are named. Source: the partitions of the AWS SDK, 2026-11. */
export const partitions: Readonly<Record<Partition, RegExp>> = {
  aws: /^(?:af|ap|ca|eu|il|me|mx|sa|us)-(?:central|(?:north|south)(?:east|west)?|east|west)-\d$/,
  'aws-cn': /^cn-(?:north|northwest|south)-\d$/,
  'aws-us-gov': /^us-gov-(?:east|west)-\d$/,
  'aws-iso': /^us-iso-(?:east|west)-\d$/,
  'aws-iso-b': /^us-isob-(?:east|west)-\d$/,
  'aws-iso-e': /^eu-isoe-west-\d$/,
  'aws-iso-f': /^us-isof-(?:east|south)-\d$/,
  'aws-eusc': /^eusc-de-east-\d$/,
};

const partitionNames = Object.keys(partitions) as readonly Partition[];

/** Passes a partition through. */
export const parsePartition = (where: string, text: string): Partition => {
  const found = partitionNames.find((name) => name === text);
  if (found === undefined)
    throw invalidParameter(where, `partition must be one of ${partitionNames.join(', ')}, it is "${text}".`);
  return found;
};

/**
 * Reads the name of a Region of a partition.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const parseRegion = (where: string, text: string, partition: Partition = 'aws'): Region => {
  if (!partitions[partition].test(literal(where, text)))
    throw invalidParameter(where, `"${text}" is no Region of the partition ${partition}, as "eu-west-1" is of aws.`);
  // The form was checked above.
  return text as Region;
};

/**
 * Reads the id of an organisation.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const parseOrganizationId = (where: string, text: string): OrganizationId => {
  if (!/^o-[a-z0-9]{10,32}$/.test(literal(where, text)))
    throw invalidParameter(where, `"${text}" is no organisation id, as "o-a1b2c3d4e5" is.`);
  return text as OrganizationId;
};

/**
 * Reads an account id.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const parseAccountId = (where: string, text: string): AccountId => {
  if (!/^\d{12}$/.test(literal(where, text)))
    throw invalidParameter(where, `"${text}" is no account id: 12 digits, as text.`);
  return text as AccountId;
};

/** A list that must hold something: an empty one would make a policy that denies nothing, or everything. */
export const atLeastOne = <T>(where: string, name: string, list: readonly T[]): readonly T[] => {
  if (list.length === 0) throw invalidParameter(where, `${name} must hold at least one value.`);
  return [...new Set(list)];
};
