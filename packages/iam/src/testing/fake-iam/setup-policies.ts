import { assertAttachable, ensurePolicy } from './aws-policies.ts';
import { limitExceeded } from './errors.ts';
import { currentPolicy } from './lookups.ts';
import { makePolicy } from './make-policy.ts';
import { addVersion } from './policies.ts';
import { arnOf, type InlinePolicy, type World } from './state.ts';
import { entityName, path as validPath } from './validate.ts';

/** A managed policy. */
export interface PolicyToAdd {
  readonly name: string;
  /** JSON text or an object. */
  readonly document: string | object;
  /** `/` by default. */
  readonly path?: string;
  /** False: IAM refuses to attach it to a user. */
  readonly attachable?: boolean;
}

/** A document as the text that IAM keeps. */
export const documentText = (document: string | object): string =>
  typeof document === 'string' ? document : JSON.stringify(document);

export const inlinePolicies = (policies: Readonly<Record<string, string | object>>): InlinePolicy[] =>
  Object.entries(policies).map(([name, document]) => ({ name, document: documentText(document) }));

/** ARNs that can be attached, within the quota. */
export const attachable = (world: World, arns: readonly string[]): readonly string[] => {
  const { policiesPerUser } = world.quotas;
  if (arns.length > policiesPerUser) throw limitExceeded('PoliciesPerUser', policiesPerUser);
  for (const arn of arns) assertAttachable(ensurePolicy(world, arn));
  return [...arns];
};

export const addPolicy = (world: World, { name, document, path, attachable: may = true }: PolicyToAdd): string => {
  const inPath = validPath(path);
  const arn = arnOf(world, `policy${inPath}${entityName(name, 'policyName')}`);
  return makePolicy(world, { arn, name, path: inPath, document: documentText(document), attachable: may }).arn;
};

export const addPolicyVersion = (world: World, arn: string, document: string | object, asDefault: boolean): string =>
  addVersion(world, currentPolicy(world, arn), documentText(document), asDefault).versions[0]?.id ?? '';
