import type { AttachedPolicy as AttachedPolicyOfAws, GroupDetail, UserDetail } from '@aws-sdk/client-iam';
import { toInstant } from '@remedykit/core';
import { required } from '../aws/answer.ts';
import type { AttachedPolicy, IamGroup, IamUser } from '../model/user.ts';

/**
 * A user of the authorization details, without the documents of policies. Pure.
 * @throws RemediationError `AWS_ANSWER_INVALID` for a user without id, name, ARN, path or time of creation
 */
export const readUser = (detail: UserDetail, accountId: string): IamUser => {
  const boundary = detail.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    accountId,
    userId: required(detail.UserId, 'UserDetail.UserId'),
    userName: required(detail.UserName, 'UserDetail.UserName'),
    arn: required(detail.Arn, 'UserDetail.Arn'),
    path: required(detail.Path, 'UserDetail.Path'),
    createdAt: toInstant(required(detail.CreateDate, 'UserDetail.CreateDate')),
    tags: Object.fromEntries((detail.Tags ?? []).map(({ Key, Value }) => [required(Key, 'Tag.Key'), Value ?? ''])),
    groups: [...(detail.GroupList ?? [])],
    attachedPolicies: readAttached(detail.AttachedManagedPolicies),
    inlinePolicies: (detail.UserPolicyList ?? []).map(({ PolicyName }) =>
      required(PolicyName, 'PolicyDetail.PolicyName'),
    ),
    ...(boundary === undefined ? {} : { permissionsBoundaryArn: boundary }),
  };
};

/** A group of the authorization details, without the documents of policies. Pure. */
export const readGroup = (detail: GroupDetail): IamGroup => ({
  name: required(detail.GroupName, 'GroupDetail.GroupName'),
  arn: required(detail.Arn, 'GroupDetail.Arn'),
  attachedPolicies: readAttached(detail.AttachedManagedPolicies),
  inlinePolicies: (detail.GroupPolicyList ?? []).map(({ PolicyName }) =>
    required(PolicyName, 'PolicyDetail.PolicyName'),
  ),
});

const readAttached = (policies: readonly AttachedPolicyOfAws[] | undefined): AttachedPolicy[] =>
  (policies ?? []).map(({ PolicyName, PolicyArn }) => ({
    name: required(PolicyName, 'AttachedPolicy.PolicyName'),
    arn: required(PolicyArn, 'AttachedPolicy.PolicyArn'),
  }));
