import type {
  ListServiceSpecificCredentialsCommandInput,
  ListServiceSpecificCredentialsCommandOutput,
  ListSigningCertificatesCommandInput,
  ListSigningCertificatesCommandOutput,
  ListSSHPublicKeysCommandInput,
  ListSSHPublicKeysCommandOutput,
  ServiceSpecificCredentialMetadata,
  UpdateServiceSpecificCredentialCommandInput,
  UpdateServiceSpecificCredentialCommandOutput,
  UpdateSigningCertificateCommandInput,
  UpdateSigningCertificateCommandOutput,
  UpdateSSHPublicKeyCommandInput,
  UpdateSSHPublicKeyCommandOutput,
} from '@aws-sdk/client-iam';
import { type Answer, dateOf, statusOf } from './answers.ts';
import { invalidInput, noSuchThing } from './errors.ts';
import { currentUser, saveUser, seenUser } from './lookups.ts';
import type { Pager } from './pages.ts';
import type { ServiceSpecificRecord, UploadRecord, UserRecord, World } from './state.ts';
import { isActive, required } from './validate.ts';

const byId = (one: { readonly id: string }, other: { readonly id: string }): number => (one.id < other.id ? -1 : 1);

const isExpired = (world: World, { expiresAt }: ServiceSpecificRecord): boolean =>
  expiresAt !== undefined && expiresAt <= world.now().getTime();

const specificAnswer = (
  world: World,
  user: UserRecord,
  one: ServiceSpecificRecord,
): ServiceSpecificCredentialMetadata => ({
  UserName: user.name,
  Status: isExpired(world, one) ? 'Expired' : statusOf(one.active),
  ServiceUserName: `${user.name}-at-${world.accountId}`,
  CreateDate: dateOf(one.createdAt),
  ...(one.expiresAt === undefined ? {} : { ExpirationDate: dateOf(one.expiresAt) }),
  ServiceSpecificCredentialId: one.id,
  ServiceName: one.service,
});

/** Of one user, or of all with AllUsers. */
export const listServiceSpecificCredentials = (
  world: World,
  page: Pager,
  input: ListServiceSpecificCredentialsCommandInput,
): Answer<ListServiceSpecificCredentialsCommandOutput> => {
  if (input.AllUsers === true && input.UserName !== undefined) {
    throw invalidInput('UserName and AllUsers cannot be used together.');
  }
  const users = input.AllUsers === true ? world.users.seenAll() : [seenUser(world, input.UserName, 'caller')];
  const all = users.flatMap((user) =>
    user.serviceSpecific
      .filter((one) => input.ServiceName === undefined || one.service === input.ServiceName)
      .toSorted(byId)
      .map((one) => ({ key: `${user.name.toLowerCase()}/${one.id}`, answer: specificAnswer(world, user, one) })),
  );
  all.sort((one, other) => (one.key < other.key ? -1 : 1));
  const { page: some, end } = page('ListServiceSpecificCredentials', all, (one) => one.key, input);
  return { ServiceSpecificCredentials: some.map((one) => one.answer), ...end };
};

/** The list with one record's status changed, or NoSuchEntity. */
const withStatus = <T extends { readonly id: string; readonly active: boolean }>(
  what: string,
  list: readonly T[],
  id: string,
  active: boolean,
): readonly T[] => {
  if (!list.some((one) => one.id === id)) throw noSuchThing(what, id);
  return list.map((one) => (one.id === id ? { ...one, active } : one));
};

export const updateServiceSpecificCredential = (
  world: World,
  input: UpdateServiceSpecificCredentialCommandInput,
): Answer<UpdateServiceSpecificCredentialCommandOutput> => {
  const id = required(input.ServiceSpecificCredentialId, 'serviceSpecificCredentialId');
  const active = isActive(input.Status);
  const user = currentUser(world, input.UserName, 'caller');
  const serviceSpecific = withStatus('Service Specific Credential', user.serviceSpecific, id, active);
  saveUser(world, { ...user, serviceSpecific });
  return {};
};

const certificateBody = '-----BEGIN CERTIFICATE-----\nZmFrZQ==\n-----END CERTIFICATE-----';

const uploadsOf = (list: readonly UploadRecord[]): readonly UploadRecord[] => list.toSorted(byId);

export const listSigningCertificates = (
  world: World,
  page: Pager,
  input: ListSigningCertificatesCommandInput,
): Answer<ListSigningCertificatesCommandOutput> => {
  const { name, certificates } = seenUser(world, input.UserName, 'caller');
  const { page: some, end } = page('ListSigningCertificates', uploadsOf(certificates), (one) => one.id, input);
  return {
    Certificates: some.map(({ id, active, uploadedAt }) => ({
      UserName: name,
      CertificateId: id,
      CertificateBody: certificateBody,
      Status: statusOf(active),
      UploadDate: dateOf(uploadedAt),
    })),
    ...end,
  };
};

export const updateSigningCertificate = (
  world: World,
  input: UpdateSigningCertificateCommandInput,
): Answer<UpdateSigningCertificateCommandOutput> => {
  const id = required(input.CertificateId, 'certificateId');
  const active = isActive(input.Status);
  const user = currentUser(world, input.UserName, 'caller');
  saveUser(world, { ...user, certificates: withStatus('Certificate', user.certificates, id, active) });
  return {};
};

export const listSshPublicKeys = (
  world: World,
  page: Pager,
  input: ListSSHPublicKeysCommandInput,
): Answer<ListSSHPublicKeysCommandOutput> => {
  const { name, sshKeys } = seenUser(world, input.UserName, 'caller');
  const { page: some, end } = page('ListSSHPublicKeys', uploadsOf(sshKeys), (one) => one.id, input);
  return {
    SSHPublicKeys: some.map(({ id, active, uploadedAt }) => ({
      UserName: name,
      SSHPublicKeyId: id,
      Status: statusOf(active),
      UploadDate: dateOf(uploadedAt),
    })),
    ...end,
  };
};

export const updateSshPublicKey = (
  world: World,
  input: UpdateSSHPublicKeyCommandInput,
): Answer<UpdateSSHPublicKeyCommandOutput> => {
  const id = required(input.SSHPublicKeyId, 'sshPublicKeyId');
  const active = isActive(input.Status);
  const user = currentUser(world, input.UserName);
  saveUser(world, { ...user, sshKeys: withStatus('Public Key', user.sshKeys, id, active) });
  return {};
};
