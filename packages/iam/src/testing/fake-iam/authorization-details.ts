import type {
  GetAccountAuthorizationDetailsCommandInput,
  GetAccountAuthorizationDetailsCommandOutput,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  UserDetail,
} from '@aws-sdk/client-iam';
import { type Answer, boundaryAnswer, dateOf, encodedDocument, groupAnswer, tagsOf } from './answers.ts';
import { validationError } from './errors.ts';
import type { Pager } from './pages.ts';
import { fullVersionAnswer, policyAnswer } from './policies.ts';
import type { GroupRecord, InlinePolicy, PolicyRecord, UserRecord, World } from './state.ts';
import { attachedAnswer } from './user-policies.ts';

const filters = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;
type Filter = (typeof filters)[number];

/** One entity of the account; the lists of an answer are cut from one sequence. */
type Entity =
  | { readonly kind: 'User'; readonly key: string; readonly user: UserRecord }
  | { readonly kind: 'Group'; readonly key: string; readonly group: GroupRecord }
  | { readonly kind: 'Policy'; readonly key: string; readonly policy: PolicyRecord };

const inlineAnswer = (policies: readonly InlinePolicy[]): PolicyDetail[] =>
  policies.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: encodedDocument(document) }));

/** The date of the last use of the password is not told here; tags and inline policies only where there are some. */
const userDetail = (user: UserRecord): UserDetail => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: dateOf(user.createdAt),
  ...(user.inline.length === 0 ? {} : { UserPolicyList: inlineAnswer(user.inline) }),
  GroupList: [...user.groups],
  AttachedManagedPolicies: attachedAnswer(user.attached),
  ...boundaryAnswer(user),
  ...(user.tags.length === 0 ? {} : { Tags: tagsOf(user.tags) }),
});

const groupDetail = (group: GroupRecord): GroupDetail => ({
  ...groupAnswer(group),
  GroupPolicyList: inlineAnswer(group.inline),
  AttachedManagedPolicies: attachedAnswer(group.attached),
});

const policyDetail = (world: World, policy: PolicyRecord): ManagedPolicyDetail => ({
  ...policyAnswer(world, policy),
  PolicyVersionList: policy.versions.map((version) => fullVersionAnswer(policy, version)),
});

const isOfAws = ({ arn }: PolicyRecord): boolean => arn.includes(':iam::aws:policy/');

const wantedIn = (input: GetAccountAuthorizationDetailsCommandInput): ReadonlySet<Filter> => {
  const given = input.Filter ?? [];
  const wrong = given.find((one) => !filters.includes(one));
  if (wrong !== undefined) {
    throw validationError(wrong, 'filter.1.member', `Member must satisfy enum value set: [${filters.join(', ')}]`);
  }
  return new Set(given.length === 0 ? filters : given);
};

const entitiesOf = (world: World, wanted: ReadonlySet<Filter>): Entity[] => {
  const users = wanted.has('User') ? world.users.seenAll() : [];
  const groups = wanted.has('Group') ? world.groups.seenAll() : [];
  const policies = world.policies
    .seenAll()
    .filter((policy) => wanted.has(isOfAws(policy) ? 'AWSManagedPolicy' : 'LocalManagedPolicy'));
  // Keys ascend over the whole sequence.
  return [
    ...users.map((user): Entity => ({ kind: 'User', key: `1/${user.name.toLowerCase()}`, user })),
    ...groups.map((group): Entity => ({ kind: 'Group', key: `2/${group.name.toLowerCase()}`, group })),
    ...policies.map((policy): Entity => ({ kind: 'Policy', key: `3/${policy.arn.toLowerCase()}`, policy })),
  ];
};

/** `MaxItems` counts entities of all kinds together. There are no roles in the fake. */
export const getAccountAuthorizationDetails = (
  world: World,
  page: Pager,
  input: GetAccountAuthorizationDetailsCommandInput,
): Answer<GetAccountAuthorizationDetailsCommandOutput> => {
  const entities = entitiesOf(world, wantedIn(input));
  const { page: some, end } = page('GetAccountAuthorizationDetails', entities, (one) => one.key, input);
  return {
    UserDetailList: some.flatMap((one) => (one.kind === 'User' ? [userDetail(one.user)] : [])),
    GroupDetailList: some.flatMap((one) => (one.kind === 'Group' ? [groupDetail(one.group)] : [])),
    RoleDetailList: [],
    Policies: some.flatMap((one) => (one.kind === 'Policy' ? [policyDetail(world, one.policy)] : [])),
    ...end,
  };
};
