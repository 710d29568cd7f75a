import { awsError } from '../aws-error.ts';
import { nameInArn } from './answers.ts';
import { currentPolicy } from './lookups.ts';
import { makePolicy } from './make-policy.ts';
import type { PolicyRecord, World } from './state.ts';

/** Policies of AWS's own that the fake has; others are made with `addPolicy`. */
const known: ReadonlySet<string> = new Set([
  'AdministratorAccess',
  'AmazonS3ReadOnlyAccess',
  'AWSCompromisedKeyQuarantine',
  'AWSCompromisedKeyQuarantineV2',
  'AWSCompromisedKeyQuarantineV3',
  'IAMFullAccess',
  'IAMUserChangePassword',
  'PowerUserAccess',
  'ReadOnlyAccess',
  'SecurityAudit',
  'job-function/Billing',
  'job-function/ViewOnlyAccess',
]);

const allowAll = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
/** AWS's documents change; what the fake has in their place allows nothing. */
const empty = '{"Version":"2012-10-17","Statement":[]}';

/** True for a policy of AWS's own. */
export const isOfAws = (arn: string): boolean => arn.includes(':iam::aws:policy/');

/** A policy that is there, or NoSuchEntity; those of AWS are there once they are named. */
export const ensurePolicy = (world: World, arn: string): PolicyRecord => {
  const prefix = `arn:${world.partition}:iam::aws:policy/`;
  const rest = arn.startsWith(prefix) ? arn.slice(prefix.length) : '';
  if (world.policies.get(arn) !== undefined || !known.has(rest)) return currentPolicy(world, arn);
  const name = nameInArn(arn);
  const document = name === 'AdministratorAccess' ? allowAll : empty;
  const path = `/${rest.slice(0, rest.length - name.length)}`;
  return makePolicy(world, { arn, name, path, document, createdAt: world.root.createdAt });
};

/** Some policies are for service-linked roles alone. */
export const assertAttachable = (policy: PolicyRecord): void => {
  if (policy.attachable) return;
  throw awsError('PolicyNotAttachable', 'Cannot attach a Service Role Policy to a Customer User.');
};
