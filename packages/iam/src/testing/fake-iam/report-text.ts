import { days } from '@remedykit/core';
import type { AccessKeyRecord, Password, RootRecord, UploadRecord, UserRecord, World } from './state.ts';
import { arnOf } from './state.ts';

// The format is that of a report captured from AWS in September 2026: 22 columns, LF, no newline at the end, `Z`.

const keyColumns = ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'];
const header = [
  ...['user', 'arn', 'user_creation_time', 'password_enabled', 'password_last_used', 'password_last_changed'],
  ...['password_next_rotation', 'mfa_active'],
  ...keyColumns.map((column) => `access_key_1_${column}`),
  ...keyColumns.map((column) => `access_key_2_${column}`),
  ...['cert_1_active', 'cert_1_last_rotated', 'cert_2_active', 'cert_2_last_rotated'],
].join(',');

const instant = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** Paths may hold commas and quotes. Quoting is that of RFC 4180; what AWS does is not verified. */
const cell = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const keyCells = (key: AccessKeyRecord | undefined): string[] => {
  if (key === undefined) return ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
  const { active, createdAt, lastUsed } = key;
  const use =
    lastUsed === undefined ? ['N/A', 'N/A', 'N/A'] : [instant(lastUsed.at), lastUsed.region, lastUsed.service];
  return [String(active), instant(createdAt), ...use];
};

const certificateCells = (certificate: UploadRecord | undefined): string[] =>
  certificate === undefined ? ['false', 'N/A'] : [String(certificate.active), instant(certificate.uploadedAt)];

/** Slots follow the ids in ascending order, not creation. */
const slots = <T extends { readonly id: string }>(list: readonly T[]): [T | undefined, T | undefined] => {
  const [first, second] = list.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return [first, second];
};

const credentialCells = (of: {
  readonly keys: readonly AccessKeyRecord[];
  readonly certificates: readonly UploadRecord[];
}): string[] => [...slots(of.keys).flatMap(keyCells), ...slots(of.certificates).flatMap(certificateCells)];

const rootRow = (world: World, root: RootRecord): string => {
  const used = root.passwordLastUsedAt === undefined ? 'no_information' : instant(root.passwordLastUsedAt);
  return [
    ...['<root_account>', arnOf(world, 'root'), instant(root.createdAt)],
    root.hasCredentials ? 'not_supported' : 'false',
    ...[used, 'not_supported', 'not_supported', String(root.mfa !== false)],
    ...credentialCells(root),
  ].join(',');
};

const passwordCells = (world: World, password: Password | undefined, lastUsedAt: number | undefined): string[] => {
  if (password === undefined) return ['false', 'N/A', 'N/A', 'N/A'];
  const { maxAgeDays } = world.passwordPolicy ?? {};
  return [
    'true',
    lastUsedAt === undefined ? 'no_information' : instant(lastUsedAt),
    instant(password.changedAt),
    maxAgeDays === undefined ? 'N/A' : instant(password.changedAt + days(maxAgeDays)),
  ];
};

const userRow = (world: World, user: UserRecord): string =>
  [
    ...[cell(user.name), cell(user.arn), instant(user.createdAt)],
    ...passwordCells(world, user.password, user.passwordLastUsedAt),
    String(user.mfa.length > 0),
    ...credentialCells(user),
  ].join(',');

/** The credential report of the account as reads show it now. */
export const reportText = (world: World): string =>
  [header, rootRow(world, world.root), ...world.users.seenAll().map((user) => userRow(world, user))].join('\n');
