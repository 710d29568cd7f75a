import { describe, expect, it } from 'vitest';
import type { LiveCredentials, ReportedUser } from '../model/user.ts';
import { saysSame } from './look.ts';

const at = '2026-01-01T10:00:00.000Z';
const reportedKey = (active: boolean, slot: 1 | 2) =>
  ({ slot, active, rotatedAt: at, lastUse: { kind: 'never' } }) as const;
const reported: ReportedUser = {
  userName: 'ana',
  arn: 'arn:aws:iam::111122223333:user/ana',
  isRoot: false,
  password: { enabled: true, lastUse: { kind: 'never' } },
  mfaActive: false,
  accessKeys: [reportedKey(true, 1), reportedKey(false, 2)],
  certificates: [{ slot: 1, active: true, rotatedAt: at }],
};
const key = (active: boolean) => ({ id: 'AKIA1', createdAt: at, active, lastUse: { kind: 'never' } }) as const;
const certificate = (active: boolean) => ({ kind: 'signing-certificate', id: 'C1', createdAt: at, active }) as const;
const profile = { createdAt: at, passwordResetRequired: false };

describe('whether the report says what was read live', () => {
  it.each<[string, Omit<LiveCredentials, 'readAt'>, boolean]>([
    ['nothing was read', {}, true],
    ['the password is there', { loginProfile: profile }, true],
    ['the password is gone', { loginProfile: null }, false],
    ['there is still no device', { mfaDevices: [] }, true],
    ['a device was enrolled since', { loginProfile: profile, mfaDevices: ['one'] }, false],
    ['the same keys are active', { accessKeys: [key(false), key(true)] }, true],
    ['a key was made inactive since', { accessKeys: [key(false), key(false)] }, false],
    ['the certificate is active', { others: [certificate(true)] }, true],
    ['the certificate was made inactive since', { others: [certificate(false)] }, false],
    ['what is in no report', { others: [{ kind: 'ssh-key', id: 'S1', createdAt: at, active: true }] }, true],
  ])('%s', (_what, live, same) => {
    expect(saysSame(reported, { readAt: at, ...live })).toBe(same);
  });

  it('of whom the report knows nothing it says nothing', () => {
    expect(saysSame(undefined, { readAt: at })).toBe(false);
  });
});
