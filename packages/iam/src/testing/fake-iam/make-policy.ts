import { awsError } from '../aws-error.ts';
import { alreadyExists } from './errors.ts';
import { type PolicyRecord, secondNow, type World } from './state.ts';

/** What a managed policy is made with. */
export interface NewPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly document: string;
  readonly createdAt?: number;
  readonly attachable?: boolean;
}

/** A policy document as given, if it is JSON; the fake looks no further. */
export const assertDocument = (document: string): string => {
  try {
    JSON.parse(document);
  } catch {
    throw awsError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
  return document;
};

/** Makes a managed policy with version v1. */
export const makePolicy = (world: World, given: NewPolicy): PolicyRecord => {
  if (world.policies.get(given.arn) !== undefined) {
    throw alreadyExists(`A policy called ${given.name} already exists. Duplicate names are not allowed.`);
  }
  const at = given.createdAt ?? secondNow(world);
  const policy: PolicyRecord = {
    arn: given.arn,
    name: given.name,
    id: world.nextId('ANPA'),
    path: given.path,
    createdAt: at,
    updatedAt: at,
    attachable: given.attachable ?? true,
    defaultVersion: 'v1',
    versions: [{ id: 'v1', document: assertDocument(given.document), createdAt: at }],
  };
  world.policies.set(policy.arn, policy);
  return policy;
};
