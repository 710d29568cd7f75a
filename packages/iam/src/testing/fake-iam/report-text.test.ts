import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { createFakeIam, type FakeIam } from './index.ts';

const now = () => new Date('2026-11-24T10:00:00Z');

const reportOf = async (iam: FakeIam): Promise<string> => {
  await iam.send(new GenerateCredentialReportCommand({}));
  const { Content } = await iam.send(new GetCredentialReportCommand({}));
  return new TextDecoder().decode(Content);
};

/** Written by hand after a report of AWS. */
const golden = `user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated
<root_account>,arn:aws:iam::111122223333:root,2019-03-04T05:06:07Z,not_supported,no_information,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A
Ana,arn:aws:iam::111122223333:user/ops/Ana,2026-01-01T00:00:00Z,true,2026-11-20T07:08:09Z,2026-06-01T00:00:00Z,N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A
ben,arn:aws:iam::111122223333:user/ben,2026-02-01T00:00:00Z,true,no_information,2026-02-01T00:00:00Z,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A
Carl,arn:aws:iam::111122223333:user/Carl,2026-03-01T00:00:00Z,false,N/A,N/A,N/A,false,true,2026-05-01T00:00:00Z,2026-11-01T00:00:00Z,eu-west-1,sts,false,2026-03-01T00:00:00Z,N/A,N/A,N/A,true,2026-04-01T00:00:00Z,false,N/A`;

it('has the format of a report of AWS', async () => {
  const iam = createFakeIam({ now, report: { takesMs: 0 } });
  iam.addUser({
    name: 'Carl',
    passwordLastUsed: '2026-09-01T00:00:00Z',
    // The older key, inactive, has the higher id: it is in slot 2.
    keys: [
      { createdAt: '2026-03-01T00:00:00Z', id: 'AKIAZZZZZZZZZZZZZZZZ', active: false },
      {
        createdAt: '2026-05-01T00:00:00Z',
        id: 'AKIAAAAAAAAAAAAAAAAA',
        lastUsed: { at: '2026-11-01T00:00:00Z', service: 'sts', region: 'eu-west-1' },
      },
    ],
    certificates: [{ createdAt: '2026-04-01T00:00:00Z' }],
  });
  iam.addUser({ name: 'ben', password: { createdAt: '2026-02-01T00:00:00Z' } });
  iam.addUser({
    name: 'Ana',
    path: '/ops/',
    password: {
      createdAt: '2026-01-01T00:00:00Z',
      changedAt: '2026-06-01T00:00:00Z',
      lastUsed: '2026-11-20T07:08:09.999Z',
      mfa: 'fido',
    },
  });
  expect(await reportOf(iam)).toBe(golden);
});

it('tells when passwords expire', async () => {
  const iam = createFakeIam({ now, report: { takesMs: 0 } });
  iam.setPasswordPolicy({ maxAgeDays: 90 });
  iam.addUser({ name: 'ana', password: { createdAt: '2026-11-01T00:00:00Z' } });
  expect((await reportOf(iam)).split('\n')[2]?.split(',')[6]).toBe('2027-01-30T00:00:00Z');
});

it('shows what the root user has', async () => {
  const iam = createFakeIam({ now, report: { takesMs: 0 } });
  iam.setRoot({
    createdAt: '2018-01-01T00:00:00Z',
    mfa: false,
    passwordLastUsed: '2026-10-01T00:00:00Z',
    keys: [{ createdAt: '2019-01-01T00:00:00Z' }],
  });
  expect((await reportOf(iam)).split('\n')[1]).toBe(
    '<root_account>,arn:aws:iam::111122223333:root,2018-01-01T00:00:00Z,not_supported,2026-10-01T00:00:00Z,not_supported,not_supported,false,true,2019-01-01T00:00:00Z,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A',
  );
});

it('says of a member account without root credentials that there is no password', async () => {
  const iam = createFakeIam({ now, report: { takesMs: 0 } });
  iam.setRoot({ hasCredentials: false });
  expect((await reportOf(iam)).split('\n')[1]?.split(',')[3]).toBe('false');
});

it('quotes what would break a row', async () => {
  const iam = createFakeIam({ now, report: { takesMs: 0 } });
  iam.addUser({ name: 'a,b', path: '/"x"/' });
  expect((await reportOf(iam)).split('\n')[2]).toMatch(/^"a,b","arn:aws:iam::111122223333:user\/""x""\/a,b",2026/);
});
