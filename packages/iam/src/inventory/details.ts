import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
} from '@aws-sdk/client-iam';
import { collectPages } from '@remedykit/core';
import { nextMarker } from '../aws/answer.ts';
import type { IamCalls } from '../aws/calls.ts';
import type { IamGroup, IamUser } from '../model/user.ts';
import { readGroup, readUser } from './read-user.ts';

/** Users, and groups where they were asked for, as IAM has them now. */
export interface AuthorizationDetails {
  readonly users: readonly IamUser[];
  readonly groups: readonly IamGroup[];
}

// 5,000 users and 300 groups at most; a page may have fewer than was asked for.
const maxPages = 500;

/**
 * Reads all pages of the account's authorization details, 1,000 entities a page, and keeps no policy document. A user whom
 * two pages name is one user.
 *
 * IAM actions: `iam:GetAccountAuthorizationDetails`.
 * @throws the client's own error; RemediationError `AWS_ANSWER_INVALID`, `PAGING_LOOP`, `PAGING_TOO_LONG`
 */
export const gatherDetails = async (
  calls: IamCalls,
  { accountId, withGroups }: { readonly accountId: string; readonly withGroups: boolean },
): Promise<AuthorizationDetails> => {
  const users = new Map<string, IamUser>();
  const groups = new Map<string, IamGroup>();
  await collectPages(
    async (Marker) => {
      const page: GetAccountAuthorizationDetailsCommandOutput = await calls.call(
        'GetAccountAuthorizationDetails',
        (iam) =>
          iam.send(
            new GetAccountAuthorizationDetailsCommand({
              Filter: withGroups ? ['User', 'Group'] : ['User'],
              MaxItems: 1000,
              ...(Marker === undefined ? {} : { Marker }),
            }),
          ),
      );
      for (const detail of page.UserDetailList ?? []) {
        const user = readUser(detail, accountId);
        users.set(user.userId, user);
      }
      for (const detail of page.GroupDetailList ?? []) {
        const group = readGroup(detail);
        groups.set(group.arn, group);
      }
      return { items: [], nextToken: nextMarker(page) };
    },
    { maxPages },
  );
  return { users: [...users.values()], groups: [...groups.values()] };
};
