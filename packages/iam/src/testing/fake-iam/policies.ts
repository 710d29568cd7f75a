import type {
  CreatePolicyCommandInput,
  CreatePolicyCommandOutput,
  CreatePolicyVersionCommandInput,
  CreatePolicyVersionCommandOutput,
  GetPolicyCommandInput,
  GetPolicyCommandOutput,
  GetPolicyVersionCommandInput,
  GetPolicyVersionCommandOutput,
  ListPolicyVersionsCommandInput,
  ListPolicyVersionsCommandOutput,
  Policy,
  PolicyVersion,
  SetDefaultPolicyVersionCommandInput,
  SetDefaultPolicyVersionCommandOutput,
} from '@aws-sdk/client-iam';
import { type Answer, dateOf, encodedDocument } from './answers.ts';
import { ensurePolicy, isOfAws } from './aws-policies.ts';
import { limitExceeded, noSuchPolicy, noSuchThing } from './errors.ts';
import { currentPolicy } from './lookups.ts';
import { assertDocument, makePolicy } from './make-policy.ts';
import type { Pager } from './pages.ts';
import { arnOf, type PolicyRecord, type PolicyVersionRecord, secondNow, type World } from './state.ts';
import { entityName, path, required, arn as validArn } from './validate.ts';

/** Adds a version, five at most, and gives the policy as it is then. */
export const addVersion = (world: World, policy: PolicyRecord, document: string, asDefault: boolean): PolicyRecord => {
  assertDocument(document);
  if (policy.versions.length >= world.quotas.policyVersions) {
    throw limitExceeded('VersionsPerPolicy', world.quotas.policyVersions);
  }
  // Numbers are never used again.
  const newest = Math.max(...policy.versions.map((one) => Number(one.id.slice(1))));
  const at = secondNow(world);
  const version: PolicyVersionRecord = { id: `v${newest + 1}`, document, createdAt: at };
  const changed: PolicyRecord = {
    ...policy,
    updatedAt: at,
    defaultVersion: asDefault ? version.id : policy.defaultVersion,
    versions: [version, ...policy.versions],
  };
  world.policies.set(policy.arn, changed);
  return changed;
};

/** How many users and groups a policy is attached to. */
const attachments = (world: World, arn: string): number =>
  [...world.users.seenAll(), ...world.groups.seenAll()].filter((one) => one.attached.includes(arn)).length;

const boundaries = (world: World, arn: string): number =>
  world.users.seenAll().filter((user) => user.boundaryArn === arn).length;

/** A policy as IAM tells it, without documents. */
export const policyAnswer = (world: World, policy: PolicyRecord): Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  AttachmentCount: attachments(world, policy.arn),
  PermissionsBoundaryUsageCount: boundaries(world, policy.arn),
  IsAttachable: policy.attachable,
  CreateDate: dateOf(policy.createdAt),
  UpdateDate: dateOf(policy.updatedAt),
});

/** A version, without its document. */
const versionAnswer = (policy: PolicyRecord, version: PolicyVersionRecord): PolicyVersion => ({
  VersionId: version.id,
  IsDefaultVersion: version.id === policy.defaultVersion,
  CreateDate: dateOf(version.createdAt),
});

/** A version with its document, percent-encoded. */
export const fullVersionAnswer = (policy: PolicyRecord, version: PolicyVersionRecord): PolicyVersion => ({
  Document: encodedDocument(version.document),
  ...versionAnswer(policy, version),
});

const seenPolicy = (world: World, given: string | undefined): PolicyRecord => {
  const arn = validArn(given, 'policyArn');
  const policy = isOfAws(arn) ? ensurePolicy(world, arn) : world.policies.seen(arn);
  if (policy === undefined) throw noSuchPolicy(arn);
  return policy;
};

const versionOf = (policy: PolicyRecord, id: string): PolicyVersionRecord => {
  const version = policy.versions.find((one) => one.id === id);
  if (version === undefined) throw noSuchThing(`version of policy ${policy.arn}`, id);
  return version;
};

export const getPolicy = (world: World, input: GetPolicyCommandInput): Answer<GetPolicyCommandOutput> => ({
  Policy: policyAnswer(world, seenPolicy(world, input.PolicyArn)),
});

export const getPolicyVersion = (
  world: World,
  input: GetPolicyVersionCommandInput,
): Answer<GetPolicyVersionCommandOutput> => {
  const policy = seenPolicy(world, input.PolicyArn);
  return { PolicyVersion: fullVersionAnswer(policy, versionOf(policy, required(input.VersionId, 'versionId'))) };
};

export const listPolicyVersions = (
  world: World,
  page: Pager,
  input: ListPolicyVersionsCommandInput,
): Answer<ListPolicyVersionsCommandOutput> => {
  const policy = seenPolicy(world, input.PolicyArn);
  // The newest first: a key that falls as the number grows.
  const keyOf = ({ id }: PolicyVersionRecord): string => String(1e9 - Number(id.slice(1)));
  const { page: some, end } = page('ListPolicyVersions', policy.versions, keyOf, input);
  return { Versions: some.map((one) => versionAnswer(policy, one)), ...end };
};

export const createPolicy = (world: World, input: CreatePolicyCommandInput): Answer<CreatePolicyCommandOutput> => {
  const name = entityName(input.PolicyName, 'policyName');
  const inPath = path(input.Path);
  const document = required(input.PolicyDocument, 'policyDocument');
  const arn = arnOf(world, `policy${inPath}${name}`);
  return { Policy: policyAnswer(world, makePolicy(world, { arn, name, path: inPath, document })) };
};

export const createPolicyVersion = (
  world: World,
  input: CreatePolicyVersionCommandInput,
): Answer<CreatePolicyVersionCommandOutput> => {
  const policy = currentPolicy(world, validArn(input.PolicyArn, 'policyArn'));
  const document = required(input.PolicyDocument, 'policyDocument');
  const changed = addVersion(world, policy, document, input.SetAsDefault ?? false);
  const [version] = changed.versions;
  return version === undefined ? {} : { PolicyVersion: versionAnswer(changed, version) };
};

export const setDefaultPolicyVersion = (
  world: World,
  input: SetDefaultPolicyVersionCommandInput,
): Answer<SetDefaultPolicyVersionCommandOutput> => {
  const policy = currentPolicy(world, validArn(input.PolicyArn, 'policyArn'));
  const { id } = versionOf(policy, required(input.VersionId, 'versionId'));
  world.policies.set(policy.arn, { ...policy, defaultVersion: id, updatedAt: secondNow(world) });
  return {};
};
