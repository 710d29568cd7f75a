import { expect, it } from 'vitest';
import type { ReportedUser } from '../model/user.ts';
import { rootFindings } from './root-findings.ts';

const now = new Date('2026-11-24T10:00:00Z');
const root: ReportedUser = {
  userName: '<root_account>',
  arn: 'arn:aws:iam::111122223333:root',
  isRoot: true,
  password: { enabled: 'unknown', lastUse: { kind: 'unknown' } },
  mfaActive: true,
  accessKeys: [],
  certificates: [],
};
const reasonsOf = (change: Partial<ReportedUser>) =>
  rootFindings({ ...root, ...change }, now).map(({ reason }) => reason);
const used = (at: string) => ({ enabled: 'unknown', lastUse: { kind: 'used', at } }) as const;

it('I14: says of root what people must know', () => {
  expect(reasonsOf({})).toEqual([]);
  expect(reasonsOf({ mfaActive: false })).toEqual(['root-without-mfa']);
  const accessKeys = [{ slot: 1, active: false, lastUse: { kind: 'unknown' } }] as const;
  expect(reasonsOf({ accessKeys })).toEqual(['root-access-key']);
});

it('a member account without root credentials needs no MFA for root', () => {
  const password = { enabled: false, lastUse: { kind: 'unknown' } } as const;
  expect(reasonsOf({ mfaActive: false, password })).toEqual([]);
});

it('tells recent use, of the password or a key, with its time', () => {
  expect(reasonsOf({ password: used('2026-10-24T00:00:00Z') })).toEqual([]);
  expect(reasonsOf({ password: used('2026-10-25T00:00:00Z') })).toEqual(['root-used']);
  const accessKeys = [{ slot: 1, active: true, lastUse: { kind: 'used', at: '2026-11-20T08:00:00Z' } }] as const;
  expect(rootFindings({ ...root, password: used('2026-11-01T08:00:00Z'), accessKeys }, now)).toEqual([
    expect.objectContaining({ reason: 'root-access-key' }),
    expect.objectContaining({ reason: 'root-used', at: '2026-11-20T08:00:00Z' }),
  ]);
  const [key] = accessKeys;
  const last = (password: ReportedUser['password'], ...keys: ReportedUser['accessKeys']) =>
    rootFindings({ ...root, password, accessKeys: keys }, now).find(({ reason }) => reason === 'root-used')?.at;
  expect(last(used('2026-11-21T08:00:00Z'), key)).toBe('2026-11-21T08:00:00Z');
  expect(last(used('2026-11-21T08:00:00Z'), { ...key, lastUse: { kind: 'unknown' } })).toBe('2026-11-21T08:00:00Z');
  expect(rootFindings({ ...root, password: used('2026-11-20T08:00:00Z') }, now, { recentDays: 3 })).toEqual([]);
});
