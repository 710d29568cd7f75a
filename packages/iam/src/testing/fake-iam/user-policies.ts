import type {
  AttachedPolicy,
  AttachUserPolicyCommandInput,
  AttachUserPolicyCommandOutput,
  DetachUserPolicyCommandInput,
  DetachUserPolicyCommandOutput,
  GetUserPolicyCommandInput,
  GetUserPolicyCommandOutput,
  ListAttachedGroupPoliciesCommandInput,
  ListAttachedGroupPoliciesCommandOutput,
  ListAttachedUserPoliciesCommandInput,
  ListAttachedUserPoliciesCommandOutput,
  ListUserPoliciesCommandInput,
  ListUserPoliciesCommandOutput,
} from '@aws-sdk/client-iam';
import { awsError } from '../aws-error.ts';
import { type Answer, encodedDocument, nameInArn } from './answers.ts';
import { assertAttachable, ensurePolicy } from './aws-policies.ts';
import { limitExceeded, noSuchGroup, noSuchThing } from './errors.ts';
import { currentUser, saveUser, seenUser } from './lookups.ts';
import type { PageEnd, PageRequest, Pager } from './pages.ts';
import type { World } from './state.ts';
import { entityName, pathPrefix, arn as validArn } from './validate.ts';

export const attachedAnswer = (arns: readonly string[]): AttachedPolicy[] =>
  arns.map((arn) => ({ PolicyName: nameInArn(arn), PolicyArn: arn }));

/** Attaching what is attached is a success, whatever the quota. */
export const attachUserPolicy = (
  world: World,
  input: AttachUserPolicyCommandInput,
): Answer<AttachUserPolicyCommandOutput> => {
  const arn = validArn(input.PolicyArn, 'policyArn');
  const user = currentUser(world, input.UserName);
  const policy = ensurePolicy(world, arn);
  assertAttachable(policy);
  if (user.attached.includes(arn)) return {};
  if (user.attached.length >= world.quotas.policiesPerUser) {
    throw limitExceeded('PoliciesPerUser', world.quotas.policiesPerUser);
  }
  saveUser(world, { ...user, attached: [...user.attached, arn] });
  return {};
};

export const detachUserPolicy = (
  world: World,
  input: DetachUserPolicyCommandInput,
): Answer<DetachUserPolicyCommandOutput> => {
  const arn = validArn(input.PolicyArn, 'policyArn');
  const user = currentUser(world, input.UserName);
  if (!user.attached.includes(arn)) throw awsError('NoSuchEntity', `Policy ${arn} was not found.`);
  saveUser(world, { ...user, attached: user.attached.filter((one) => one !== arn) });
  return {};
};

interface AttachedRequest extends PageRequest {
  readonly PathPrefix?: string | undefined;
}

const pageOfAttached = (
  world: World,
  page: Pager,
  operation: string,
  arns: readonly string[],
  input: AttachedRequest,
): PageEnd & { AttachedPolicies: AttachedPolicy[] } => {
  const prefix = pathPrefix(input.PathPrefix);
  const inPath = arns.filter((arn) => (world.policies.seen(arn)?.path ?? '/').startsWith(prefix));
  const { page: some, end } = page(operation, inPath.toSorted(), (arn) => arn, input);
  return { AttachedPolicies: attachedAnswer(some), ...end };
};

export const listAttachedUserPolicies = (
  world: World,
  page: Pager,
  input: ListAttachedUserPoliciesCommandInput,
): Answer<ListAttachedUserPoliciesCommandOutput> =>
  pageOfAttached(world, page, 'ListAttachedUserPolicies', seenUser(world, input.UserName).attached, input);

export const listAttachedGroupPolicies = (
  world: World,
  page: Pager,
  input: ListAttachedGroupPoliciesCommandInput,
): Answer<ListAttachedGroupPoliciesCommandOutput> => {
  const name = entityName(input.GroupName, 'groupName');
  const group = world.groups.seen(name);
  if (group === undefined) throw noSuchGroup(name);
  return pageOfAttached(world, page, 'ListAttachedGroupPolicies', group.attached, input);
};

/** Names of inline policies. */
export const listUserPolicies = (
  world: World,
  page: Pager,
  input: ListUserPoliciesCommandInput,
): Answer<ListUserPoliciesCommandOutput> => {
  const names = seenUser(world, input.UserName).inline.map((one) => one.name);
  const { page: some, end } = page('ListUserPolicies', names.toSorted(), (name) => name, input);
  return { PolicyNames: [...some], ...end };
};

/** An inline policy, percent-encoded. */
export const getUserPolicy = (world: World, input: GetUserPolicyCommandInput): Answer<GetUserPolicyCommandOutput> => {
  const user = seenUser(world, input.UserName);
  const wanted = entityName(input.PolicyName, 'policyName');
  const policy = user.inline.find((one) => one.name === wanted);
  if (policy === undefined) throw noSuchThing('user policy', wanted);
  return { UserName: user.name, PolicyName: policy.name, PolicyDocument: encodedDocument(policy.document) };
};
