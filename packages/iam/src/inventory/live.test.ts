import { describe, expect, it } from 'vitest';
import { createIamCalls, type IamClient } from '../aws/calls.ts';
import { gatherLive, gatherServiceSpecific, type LiveQuestion, liveActions } from './live.ts';

const now = new Date('2026-11-24T10:00:00Z');
const created = new Date('2026-01-01T00:00:00Z');
const createdAt = created.toISOString();
const ada = { userName: 'ada', userId: 'AIDAADA' };

const awsError = (name: string, message = name, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

const noSuchUser = awsError('NoSuchEntityException', 'The user with name ada cannot be found.', 404);
const noSuchProfile = awsError('NoSuchEntityException', 'Login Profile for User ada cannot be found.', 404);

type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

/** Pages of one item each. */
const paged =
  (name: string, ...items: readonly unknown[]) =>
  ({ Marker }: Readonly<Record<string, unknown>>): object => {
    const at = Number(Marker ?? 0);
    const more = at + 1 < items.length;
    return { [name]: items.slice(at, at + 1), IsTruncated: more, ...(more ? { Marker: String(at + 1) } : {}) };
  };

const failing = (error: Error) => (): never => {
  throw error;
};

const usual: Answers = {
  GetUser: () => ({ User: { UserName: 'ada', UserId: 'AIDAADA' } }),
  GetLoginProfile: () => ({ LoginProfile: { UserName: 'ada', CreateDate: created, PasswordResetRequired: true } }),
  ListMFADevices: paged('MFADevices', { SerialNumber: 'arn:aws:iam::111122223333:mfa/a' }, { SerialNumber: 'GAHT1' }),
  ListAccessKeys: paged(
    'AccessKeyMetadata',
    { AccessKeyId: 'AKIA1', CreateDate: created, Status: 'Active' },
    { AccessKeyId: 'AKIA2', CreateDate: created, Status: 'Inactive' },
  ),
  GetAccessKeyLastUsed: () => ({
    AccessKeyLastUsed: { LastUsedDate: new Date('2026-03-01T00:00:00Z'), ServiceName: 's3', Region: 'eu-west-1' },
  }),
  ListServiceSpecificCredentials: paged(
    'ServiceSpecificCredentials',
    {
      UserName: 'ada',
      ServiceSpecificCredentialId: 'ACCA1',
      ServiceName: 'codecommit.amazonaws.com',
      CreateDate: created,
      Status: 'Active',
    },
    {
      UserName: 'ada',
      ServiceSpecificCredentialId: 'ACCA2',
      ServiceName: 'bedrock.amazonaws.com',
      CreateDate: created,
      Status: 'Expired',
    },
  ),
  ListSigningCertificates: paged('Certificates', { CertificateId: 'C1', UploadDate: created, Status: 'Active' }),
  ListSSHPublicKeys: paged('SSHPublicKeys', { SSHPublicKeyId: 'APKA1', UploadDate: created, Status: 'Inactive' }),
};

const callsOf = (answers: Answers) => {
  const send = async (command: { readonly input: Readonly<Record<string, unknown>> }): Promise<object> => {
    const answer = answers[command.constructor.name.replace(/Command$/, '')];
    if (answer === undefined) throw new Error(`nobody answers ${command.constructor.name}`);
    return answer(command.input);
  };
  return createIamCalls({ iam: { send } as unknown as IamClient, sleep: async () => {}, random: () => 0, attempts: 2 });
};

const read = (what: LiveQuestion, answers: Answers = {}) =>
  gatherLive(callsOf({ ...usual, ...answers }), ada, what, { now: () => now });

const everything: LiveQuestion = {
  identity: true,
  loginProfile: true,
  mfaDevices: true,
  accessKeys: true,
  lastUsed: true,
  serviceSpecific: true,
  certificates: true,
  sshKeys: true,
};

describe('gatherLive', () => {
  it('reads all pages of all that is asked for', async () => {
    await expect(read(everything)).resolves.toEqual({
      kind: 'live',
      credentials: {
        readAt: now.toISOString(),
        loginProfile: { createdAt, passwordResetRequired: true },
        mfaDevices: ['arn:aws:iam::111122223333:mfa/a', 'GAHT1'],
        accessKeys: [
          {
            id: 'AKIA1',
            createdAt,
            active: true,
            lastUse: { kind: 'used', at: '2026-03-01T00:00:00.000Z', service: 's3', region: 'eu-west-1' },
          },
          { id: 'AKIA2', createdAt, active: false, lastUse: { kind: 'unknown' } },
        ],
        others: [
          { kind: 'service-specific', id: 'ACCA1', service: 'codecommit.amazonaws.com', createdAt, active: true },
          { kind: 'service-specific', id: 'ACCA2', service: 'bedrock.amazonaws.com', createdAt, active: false },
          { kind: 'signing-certificate', id: 'C1', createdAt, active: true },
          { kind: 'ssh-key', id: 'APKA1', createdAt, active: false },
        ],
      },
    });
  });

  it('asks nothing that was not asked for', async () => {
    const calls = callsOf({ ListMFADevices: paged('MFADevices') });
    await expect(gatherLive(calls, ada, { mfaDevices: true }, { now: () => now })).resolves.toEqual({
      kind: 'live',
      credentials: { readAt: now.toISOString(), mfaDevices: [] },
    });
    expect(calls.counts()).toEqual({ ListMFADevices: 1 });
  });

  it('needs exactly the actions that it names', async () => {
    const calls = callsOf(usual);
    await gatherLive(calls, ada, everything);
    const asked = Object.keys(calls.counts()).map((action) => `iam:${action}`);
    expect(asked.sort()).toEqual([...liveActions].sort());
  });

  it('a user without a password has null, which is not the same as not asked', async () => {
    const result = await read(
      { loginProfile: true },
      { GetLoginProfile: failing(noSuchProfile), GetUser: failing(noSuchUser) },
    );
    expect(result).toEqual({ kind: 'live', credentials: { readAt: now.toISOString(), loginProfile: null } });
  });

  it('a user who is gone is no user without a password', async () => {
    const GetLoginProfile = failing(noSuchUser);
    expect(await read({ loginProfile: true }, { GetLoginProfile, GetUser: failing(noSuchUser) })).toEqual({
      kind: 'user-gone',
    });
  });

  it('where the words do not tell, the user itself is asked for', async () => {
    const GetLoginProfile = failing(awsError('NoSuchEntityException', 'No such entity', 404));
    expect(await read({ loginProfile: true }, { GetLoginProfile })).toMatchObject({
      credentials: { loginProfile: null },
    });
  });

  it.each([
    'ListMFADevices',
    'ListAccessKeys',
    'ListServiceSpecificCredentials',
    'ListSigningCertificates',
    'ListSSHPublicKeys',
    'GetUser',
  ])('a user whom %s does not find is gone', async (action) => {
    expect(await read(everything, { [action]: failing(noSuchUser) })).toEqual({ kind: 'user-gone' });
  });

  it('a name that was given anew is a user who is gone', async () => {
    const GetUser = () => ({ User: { UserName: 'ada', UserId: 'AIDAOTHER' } });
    expect(await read({ identity: true, mfaDevices: true }, { GetUser })).toEqual({ kind: 'user-gone' });
  });

  it.each([
    ['Throttling', 400, true],
    ['AccessDenied', 403, false],
  ])(
    'I15: a last use that cannot be read for %s is an error that names the user, never "never used"',
    async (name, status, retryable) => {
      const error = awsError(name, 'no', status);
      await expect(
        read({ accessKeys: true, lastUsed: true }, { GetAccessKeyLastUsed: failing(error) }),
      ).rejects.toMatchObject({
        code: 'LIVE_READ_FAILED',
        retryable,
        cause: error,
        message: expect.stringContaining('user ada'),
      });
    },
  );

  it.each(Object.keys(usual))('I15: %s that is denied is an error and no empty answer', async (action) => {
    await expect(read(everything, { [action]: failing(awsError('AccessDenied', 'no', 403)) })).rejects.toMatchObject({
      code: 'LIVE_READ_FAILED',
      message: expect.stringContaining('AccessDenied'),
    });
  });

  it.each([
    { created: '2026-01-01T00:00:00Z', kind: 'never' },
    { created: '2015-01-01T00:00:00Z', kind: 'unknown' },
  ])('I15: a key of $created without a use is $kind', async ({ created, kind }) => {
    const answers = {
      ListAccessKeys: paged('AccessKeyMetadata', {
        AccessKeyId: 'AKIA1',
        CreateDate: new Date(created),
        Status: 'Active',
      }),
      GetAccessKeyLastUsed: () => ({ AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } }),
    };
    expect(await read({ accessKeys: true, lastUsed: true }, answers)).toMatchObject({
      credentials: { accessKeys: [{ lastUse: { kind } }] },
    });
  });

  it('I15: a key whose use IAM does not know yet is unknown, and its user is not gone', async () => {
    const GetAccessKeyLastUsed = failing(awsError('NoSuchEntityException', 'no key', 404));
    expect(await read({ accessKeys: true, lastUsed: true }, { GetAccessKeyLastUsed })).toMatchObject({
      credentials: { accessKeys: [{ id: 'AKIA1', lastUse: { kind: 'unknown' } }, { id: 'AKIA2' }] },
    });
  });

  it('a page that is cut and says not where to go on is an error', async () => {
    const ListAccessKeys = () => ({ AccessKeyMetadata: [], IsTruncated: true });
    await expect(read({ accessKeys: true }, { ListAccessKeys })).rejects.toMatchObject({
      code: 'LIVE_READ_FAILED',
      retryable: true,
      message: expect.stringContaining('AWS_ANSWER_INVALID'),
    });
  });
});

describe('gatherServiceSpecific', () => {
  it('I39: reads those of every user in pages of 1,000', async () => {
    const inputs: unknown[] = [];
    const credential = (UserName: string, id: number) => ({
      UserName,
      ServiceSpecificCredentialId: `ACCA${id}`,
      CreateDate: created,
      Status: 'Active',
    });
    const pages = paged('ServiceSpecificCredentials', credential('ada', 1), credential('bea', 2), credential('ada', 3));
    const found = await gatherServiceSpecific(
      callsOf({
        ListServiceSpecificCredentials: (input) => {
          inputs.push(input);
          return pages(input);
        },
      }),
    );
    expect([...found].map(([name, all]) => [name, all.map(({ id }) => id)])).toEqual([
      ['ada', ['ACCA1', 'ACCA3']],
      ['bea', ['ACCA2']],
    ]);
    expect(inputs).toEqual([
      { AllUsers: true, MaxItems: 1000 },
      { AllUsers: true, MaxItems: 1000, Marker: '1' },
      { AllUsers: true, MaxItems: 1000, Marker: '2' },
    ]);
  });

  it('hands on no part of it', async () => {
    const ListServiceSpecificCredentials = failing(awsError('AccessDenied', 'no', 403));
    await expect(gatherServiceSpecific(callsOf({ ListServiceSpecificCredentials }))).rejects.toMatchObject({
      code: 'LIVE_READ_FAILED',
      retryable: false,
    });
  });
});
