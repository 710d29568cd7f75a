import type { Group, Tag, User } from '@aws-sdk/client-iam';
import type { GroupRecord, UserRecord, Tag as WorldTag } from './state.ts';

/** An answer of the SDK before the transport adds `$metadata`. */
export type Answer<Output> = Omit<Output, '$metadata'>;

export const dateOf = (at: number): Date => new Date(at);

export const statusOf = (active: boolean): 'Active' | 'Inactive' => (active ? 'Active' : 'Inactive');

export const tagsOf = (tags: readonly WorldTag[]): Tag[] => tags.map((tag) => ({ ...tag }));

/** What every operation tells of a user; tags and boundary are told by few. */
export const userAnswer = (user: UserRecord): User => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: dateOf(user.createdAt),
  ...(user.passwordLastUsedAt === undefined ? {} : { PasswordLastUsed: dateOf(user.passwordLastUsedAt) }),
});

export const boundaryAnswer = ({ boundaryArn }: UserRecord): Pick<User, 'PermissionsBoundary'> =>
  boundaryArn === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: boundaryArn,
        },
      };

export const groupAnswer = (group: GroupRecord): Group => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: dateOf(group.createdAt),
});

/** A policy document as IAM gives it: percent-encoded after RFC 3986. */
export const encodedDocument = (document: string): string =>
  encodeURIComponent(document).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** The last part of an ARN, which is the name of what it stands for. */
export const nameInArn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
