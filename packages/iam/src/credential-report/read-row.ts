import type { Instant } from '@remedykit/core';
import type { ReportedKey, ReportedUser } from '../model/user.ts';
import {
  type Cells,
  readFlag,
  readInstant,
  readLastUse,
  readRequiredInstant,
  readText,
  type UnreadCell,
} from './cells.ts';

/** What the account's own row calls itself. No user can: a name has no `<`. */
export const rootName = '<root_account>';

const slots = [1, 2] as const;

/** Columns without which a row says too little: a report that lacks one is refused. */
export const requiredColumns: readonly string[] = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'mfa_active',
  ...slots.flatMap((slot) => [`access_key_${slot}_active`, `access_key_${slot}_last_rotated`]),
  ...slots.flatMap((slot) => [`cert_${slot}_active`, `cert_${slot}_last_rotated`]),
];

/** Columns that are read where they are there. */
export const optionalColumns: readonly string[] = [
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  ...slots.flatMap((slot) => ['date', 'region', 'service'].map((what) => `access_key_${slot}_last_used_${what}`)),
  'additional_credentials_info',
];

// When AWS began to keep track. Source: IAM user guide; passwords from 2014-10-20, with a gap 2018-05-03 to 2018-05-23.
const passwordsTracked: Instant = '2018-05-24T00:00:00.000Z';
const keysTracked: Instant = '2015-04-22T00:00:00.000Z';

const arnForm = /^arn:[a-z-]+:iam::\d{12}:(root|user\/.+)$/;

/** Reads one row; cells that hold no documented value are in `unread`, and then nothing of the row may be used. Pure. */
export const readRow = (cells: Cells): { readonly user: ReportedUser; readonly unread: readonly UnreadCell[] } => {
  const userName = cells.text('user') ?? '';
  const arn = cells.text('arn') ?? '';
  const isRoot = userName === rootName;
  if (!arnForm.test(arn) || arn.endsWith(':root') !== isRoot) cells.unread('arn');
  else if (!isRoot && arn.slice(arn.lastIndexOf('/') + 1) !== userName) cells.unread('user');

  const createdAt = readRequiredInstant(cells, 'user_creation_time');
  const enabled = readFlag(cells, 'password_enabled', isRoot);
  const changedAt = readInstant(cells, 'password_last_changed');
  const nextRotationAt = readInstant(cells, 'password_next_rotation');
  const mfaActive = readFlag(cells, 'mfa_active') ?? false;
  const additional = readText(cells, 'additional_credentials_info');

  const user: ReportedUser = {
    userName,
    arn,
    isRoot,
    ...(createdAt === undefined ? {} : { createdAt }),
    password: {
      enabled: enabled ?? 'unknown',
      lastUse: readLastUse(cells, 'password_last_used', {
        exists: enabled === true,
        since: createdAt,
        trackedSince: passwordsTracked,
      }),
      ...(changedAt === undefined ? {} : { changedAt }),
      ...(nextRotationAt === undefined ? {} : { nextRotationAt }),
    },
    mfaActive,
    accessKeys: slots.flatMap((slot) => readKey(cells, slot, isRoot)),
    certificates: slots.flatMap((slot) => readSlot(cells, `cert_${slot}`, slot, isRoot)),
    ...(additional === undefined ? {} : { additionalCredentials: additional }),
  };
  return { user, unread: cells.faults };
};

/** A slot that holds something: active, or with the time at which it was made. */
const readSlot = (cells: Cells, prefix: string, slot: 1 | 2, isRoot: boolean): Omit<ReportedKey, 'lastUse'>[] => {
  const active = readFlag(cells, `${prefix}_active`, isRoot) ?? false;
  const rotatedAt = readInstant(cells, `${prefix}_last_rotated`);
  // An active credential of unknown age would pass every age rule.
  if (active && rotatedAt === undefined && !isRoot) cells.unread(`${prefix}_last_rotated`);
  return active || rotatedAt !== undefined ? [{ slot, active, ...(rotatedAt === undefined ? {} : { rotatedAt }) }] : [];
};

const readKey = (cells: Cells, slot: 1 | 2, isRoot: boolean): ReportedKey[] => {
  const prefix = `access_key_${slot}`;
  const [key] = readSlot(cells, prefix, slot, isRoot);
  const lastUse = readLastUse(
    cells,
    `${prefix}_last_used_date`,
    { exists: key !== undefined, since: key?.rotatedAt, trackedSince: keysTracked },
    { region: `${prefix}_last_used_region`, service: `${prefix}_last_used_service` },
  );
  return key === undefined ? [] : [{ ...key, lastUse }];
};
