import {
  type AccessKeyMetadata,
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  type ListAccessKeysCommandOutput,
  ListMFADevicesCommand,
  type ListMFADevicesCommandOutput,
  ListServiceSpecificCredentialsCommand,
  type ListServiceSpecificCredentialsCommandOutput,
  ListSigningCertificatesCommand,
  type ListSigningCertificatesCommandOutput,
  ListSSHPublicKeysCommand,
  type ListSSHPublicKeysCommandOutput,
  type ServiceSpecificCredentialMetadata,
} from '@aws-sdk/client-iam';
import { collectPages, type Instant, toInstant } from '@remedykit/core';
import { nextMarker, required } from '../aws/answer.ts';
import type { IamCalls } from '../aws/calls.ts';
import { isMissing } from '../aws/errors.ts';
import type { AccessKey, LastUse, LoginProfile, OtherCredential } from '../model/user.ts';

// 5,000 users with two credentials of each service are at most some hundred pages.
const maxPages = 1_000;

const from = (Marker: string | undefined): { Marker?: string } => (Marker === undefined ? {} : { Marker });

/** Source: the wording of IAM; that of a missing user is "The user with name ada cannot be found." */
const isAboutProfile = (error: unknown): boolean => error instanceof Error && /login profile/i.test(error.message);

/** The user id that the name belongs to now. */
export const readUserId = async (calls: IamCalls, UserName: string): Promise<string> => {
  const { User } = await calls.call('GetUser', (iam) => iam.send(new GetUserCommand({ UserName })));
  return required(User?.UserId, 'User.UserId');
};

/** When the user last signed in with a password, whichever it was; absent: never, or nobody knows. */
export const readLastSignIn = async (calls: IamCalls, UserName: string): Promise<Instant | undefined> => {
  const { User } = await calls.call('GetUser', (iam) => iam.send(new GetUserCommand({ UserName })));
  return User?.PasswordLastUsed === undefined ? undefined : toInstant(User.PasswordLastUsed);
};

/** The password; `null`: the user has none. Throws `NoSuchEntity` for a user that does not exist. */
export const readLoginProfile = async (calls: IamCalls, UserName: string): Promise<LoginProfile | null> => {
  try {
    const { LoginProfile } = await calls.call('GetLoginProfile', (iam) =>
      iam.send(new GetLoginProfileCommand({ UserName })),
    );
    return {
      createdAt: toInstant(required(LoginProfile?.CreateDate, 'LoginProfile.CreateDate')),
      passwordResetRequired: LoginProfile?.PasswordResetRequired ?? false,
    };
  } catch (error) {
    if (!isMissing(error)) throw error;
    // One code for two things; where the words do not tell them apart, the user itself is asked for.
    if (!isAboutProfile(error)) await readUserId(calls, UserName);
    return null;
  }
};

/** Serial numbers of all devices. */
export const readMfaDevices = (calls: IamCalls, UserName: string): Promise<string[]> =>
  collectPages(
    async (marker) => {
      const page: ListMFADevicesCommandOutput = await calls.call('ListMFADevices', (iam) =>
        iam.send(new ListMFADevicesCommand({ UserName, ...from(marker) })),
      );
      const items = (page.MFADevices ?? []).map(({ SerialNumber }) => required(SerialNumber, 'MFADevice.SerialNumber'));
      return { items, nextToken: nextMarker(page) };
    },
    { maxPages },
  );

/** All keys; the last use of active ones where it is asked for. */
export const readAccessKeys = async (calls: IamCalls, UserName: string, lastUsed: boolean): Promise<AccessKey[]> => {
  const listed = await collectPages(
    async (marker) => {
      const page: ListAccessKeysCommandOutput = await calls.call('ListAccessKeys', (iam) =>
        iam.send(new ListAccessKeysCommand({ UserName, ...from(marker) })),
      );
      return { items: page.AccessKeyMetadata ?? [], nextToken: nextMarker(page) };
    },
    { maxPages },
  );
  const keys: AccessKey[] = [];
  for (const metadata of listed) keys.push(await readAccessKey(calls, metadata, lastUsed));
  return keys;
};

const readAccessKey = async (calls: IamCalls, key: AccessKeyMetadata, lastUsed: boolean): Promise<AccessKey> => {
  const id = required(key.AccessKeyId, 'AccessKeyMetadata.AccessKeyId');
  const createdAt = toInstant(required(key.CreateDate, 'AccessKeyMetadata.CreateDate'));
  const active = required(key.Status, 'AccessKeyMetadata.Status') === 'Active';
  return {
    id,
    createdAt,
    active,
    lastUse: lastUsed && active ? await readLastUse(calls, id, createdAt) : { kind: 'unknown' },
  };
};

// Source: IAM user guide; a use before it left no trace.
const keysTracked: Instant = '2015-04-22T00:00:00.000Z';

const readLastUse = async (calls: IamCalls, AccessKeyId: string, createdAt: Instant): Promise<LastUse> => {
  try {
    const { AccessKeyLastUsed } = await calls.call('GetAccessKeyLastUsed', (iam) =>
      iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId })),
    );
    const { LastUsedDate, ServiceName, Region } = required(AccessKeyLastUsed, 'AccessKeyLastUsed');
    if (LastUsedDate === undefined) return { kind: createdAt >= keysTracked ? 'never' : 'unknown' };
    return {
      kind: 'used',
      at: toInstant(LastUsedDate),
      ...(isNamed(ServiceName) ? { service: ServiceName } : {}),
      ...(isNamed(Region) ? { region: Region } : {}),
    };
  } catch (error) {
    // Listed a moment ago: a key that is new or just deleted, of which IAM's copies do not all know yet.
    if (isMissing(error)) return { kind: 'unknown' };
    throw error;
  }
};

const isNamed = (text: string | undefined): text is string => text !== undefined && text !== '' && text !== 'N/A';

/** Service-specific credentials of one user, or of all: with the name of the user. */
export const readServiceSpecific = (
  calls: IamCalls,
  whose: { readonly UserName: string } | { readonly AllUsers: true; readonly MaxItems: number },
): Promise<{ userName: string; credential: OtherCredential }[]> =>
  collectPages(
    async (marker) => {
      const page: ListServiceSpecificCredentialsCommandOutput = await calls.call(
        'ListServiceSpecificCredentials',
        (iam) => iam.send(new ListServiceSpecificCredentialsCommand({ ...whose, ...from(marker) })),
      );
      return { items: (page.ServiceSpecificCredentials ?? []).map(readServiceCredential), nextToken: nextMarker(page) };
    },
    { maxPages },
  );

const readServiceCredential = (
  credential: ServiceSpecificCredentialMetadata,
): { userName: string; credential: OtherCredential } => ({
  userName: required(credential.UserName, 'ServiceSpecificCredentialMetadata.UserName'),
  credential: {
    kind: 'service-specific',
    id: required(
      credential.ServiceSpecificCredentialId,
      'ServiceSpecificCredentialMetadata.ServiceSpecificCredentialId',
    ),
    ...(credential.ServiceName === undefined ? {} : { service: credential.ServiceName }),
    createdAt: toInstant(required(credential.CreateDate, 'ServiceSpecificCredentialMetadata.CreateDate')),
    // `Expired` is neither active nor to be deactivated.
    active: required(credential.Status, 'ServiceSpecificCredentialMetadata.Status') === 'Active',
  },
});

/** Signing certificates of one user. */
export const readCertificates = (calls: IamCalls, UserName: string): Promise<OtherCredential[]> =>
  collectPages(
    async (marker) => {
      const page: ListSigningCertificatesCommandOutput = await calls.call('ListSigningCertificates', (iam) =>
        iam.send(new ListSigningCertificatesCommand({ UserName, ...from(marker) })),
      );
      const items = (page.Certificates ?? []).map(
        ({ CertificateId, UploadDate, Status }): OtherCredential => ({
          kind: 'signing-certificate',
          id: required(CertificateId, 'SigningCertificate.CertificateId'),
          createdAt: toInstant(required(UploadDate, 'SigningCertificate.UploadDate')),
          active: required(Status, 'SigningCertificate.Status') === 'Active',
        }),
      );
      return { items, nextToken: nextMarker(page) };
    },
    { maxPages },
  );

/** SSH public keys of one user. */
export const readSshKeys = (calls: IamCalls, UserName: string): Promise<OtherCredential[]> =>
  collectPages(
    async (marker) => {
      const page: ListSSHPublicKeysCommandOutput = await calls.call('ListSSHPublicKeys', (iam) =>
        iam.send(new ListSSHPublicKeysCommand({ UserName, ...from(marker) })),
      );
      const items = (page.SSHPublicKeys ?? []).map(
        ({ SSHPublicKeyId, UploadDate, Status }): OtherCredential => ({
          kind: 'ssh-key',
          id: required(SSHPublicKeyId, 'SSHPublicKeyMetadata.SSHPublicKeyId'),
          createdAt: toInstant(required(UploadDate, 'SSHPublicKeyMetadata.UploadDate')),
          active: required(Status, 'SSHPublicKeyMetadata.Status') === 'Active',
        }),
      );
      return { items, nextToken: nextMarker(page) };
    },
    { maxPages },
  );
