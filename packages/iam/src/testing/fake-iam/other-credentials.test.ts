import {
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const noSuchEntity = sdkError('NoSuchEntityException', 404);
const now = () => new Date('2026-11-24T10:00:00Z');
const createdAt = '2026-01-01T00:00:00Z';
const logs = 'logs.amazonaws.com';

it('lists service-specific credentials of one user, or of all by pages', async () => {
  const iam = createFakeIam({ now });
  const expiresAt = '2026-11-24T10:00:00Z';
  iam.addUser({ name: 'ana', serviceSpecific: [{ createdAt }, { createdAt, service: logs, expiresAt }] });
  iam.addUser({ name: 'Ben', serviceSpecific: [{ createdAt, active: false }] });
  const one = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName: 'ana', ServiceName: logs }));
  expect(one.ServiceSpecificCredentials).toEqual([
    {
      UserName: 'ana',
      Status: 'Expired',
      ServiceUserName: 'ana-at-111122223333',
      CreateDate: new Date(createdAt),
      ExpirationDate: new Date(expiresAt),
      ServiceSpecificCredentialId: expect.stringMatching(/^ACCA/),
      ServiceName: logs,
    },
  ]);
  const first = await iam.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true, MaxItems: 2 }));
  expect(first.ServiceSpecificCredentials?.map((each) => each.UserName)).toEqual(['ana', 'ana']);
  const { IsTruncated, Marker } = first;
  expect(IsTruncated).toBe(true);
  const second = await iam.send(new ListServiceSpecificCredentialsCommand({ AllUsers: true, MaxItems: 2, Marker }));
  expect(second.ServiceSpecificCredentials?.map((each) => [each.UserName, each.Status])).toEqual([['Ben', 'Inactive']]);
  const both = new ListServiceSpecificCredentialsCommand({ AllUsers: true, UserName: 'ana' });
  await expect(iam.send(both)).rejects.toMatchObject(sdkError('InvalidInputException', 400));
});

it('switches each kind off and on again', async () => {
  const iam = createFakeIam({ now });
  const { serviceSpecific, certificates, sshKeys } = iam.addUser({
    name: 'ana',
    serviceSpecific: [{ createdAt }],
    certificates: [{ createdAt }],
    sshKeys: [{ createdAt }],
  });
  const UserName = 'ana';
  const statuses = async () => [
    (await iam.send(new ListServiceSpecificCredentialsCommand({ UserName }))).ServiceSpecificCredentials?.[0]?.Status,
    (await iam.send(new ListSigningCertificatesCommand({ UserName }))).Certificates?.[0]?.Status,
    (await iam.send(new ListSSHPublicKeysCommand({ UserName }))).SSHPublicKeys?.[0]?.Status,
  ];
  const ServiceSpecificCredentialId = serviceSpecific[0]?.id;
  const CertificateId = certificates[0]?.id;
  const SSHPublicKeyId = sshKeys[0]?.id;
  for (const Status of ['Inactive', 'Active'] as const) {
    await iam.send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status }));
    await iam.send(new UpdateSigningCertificateCommand({ UserName, CertificateId, Status }));
    await iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status }));
    expect(await statuses()).toEqual([Status, Status, Status]);
  }
});

it('tells when certificates and SSH keys were uploaded', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana', certificates: [{ createdAt }], sshKeys: [{ createdAt, active: false }] });
  const { Certificates } = await iam.send(new ListSigningCertificatesCommand({ UserName: 'ana' }));
  expect(Certificates).toEqual([
    {
      UserName: 'ana',
      CertificateId: expect.stringMatching(/^\w{24,}$/),
      CertificateBody: expect.stringContaining('BEGIN CERTIFICATE'),
      Status: 'Active',
      UploadDate: new Date(createdAt),
    },
  ]);
  const { SSHPublicKeys } = await iam.send(new ListSSHPublicKeysCommand({ UserName: 'ana' }));
  expect(SSHPublicKeys).toEqual([
    {
      UserName: 'ana',
      SSHPublicKeyId: expect.stringMatching(/^APKA\w{16,}$/),
      Status: 'Inactive',
      UploadDate: new Date(createdAt),
    },
  ]);
});

it('knows no credential that is not there', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana' });
  const given = { UserName: 'ana', Status: 'Inactive' } as const;
  const id = 'ABCDABCDABCDABCDABCDABCD';
  for (const call of [
    iam.send(new UpdateServiceSpecificCredentialCommand({ ...given, ServiceSpecificCredentialId: id })),
    iam.send(new UpdateSigningCertificateCommand({ ...given, CertificateId: id })),
    iam.send(new UpdateSSHPublicKeyCommand({ ...given, SSHPublicKeyId: id })),
    iam.send(new ListSSHPublicKeysCommand({ UserName: 'ben' })),
  ]) {
    await expect(call).rejects.toMatchObject(noSuchEntity);
  }
});

it.each<[string, object]>([
  ['two service-specific credentials per service', { serviceSpecific: Array(3).fill({ createdAt }) }],
  ['two signing certificates', { certificates: Array(3).fill({ createdAt }) }],
  ['five SSH keys', { sshKeys: Array(6).fill({ createdAt }) }],
  ['two access keys', { keys: Array(3).fill({ createdAt }) }],
])('lets a user have %s and no more', (_what, tooMany) => {
  const iam = createFakeIam({ now });
  expect(() => iam.addUser({ name: 'ana', ...tooMany })).toThrow(/Cannot exceed quota/);
  expect(iam.users).toEqual([]);
});
