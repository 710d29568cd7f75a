import { days } from '@remedykit/core';
import { type MfaPolicies, mfaPolicies } from '../../mfa/mfa-policies.ts';
import type { FakeIam } from '../fake-iam/index.ts';
import type { UserView } from '../fake-iam/views.ts';
import type { Story } from './story.ts';

// For tests alone: who is there when a story begins.

/** When every story begins. */
export const start: Date = new Date('2026-01-01T10:00:00.000Z');
export const accountId = '111122223333';
export const security = 'security@example.com';
/** Those of whom a story tells, by number. */
export const names: readonly string[] = ['ana', 'bo', 'cleo', 'dan', 'eve', 'fay', 'gus', 'pri', 'bea'];
/** Where mails go, by number. */
export const addresses: readonly string[] = [
  ...names.map((name) => `${name}@example.com`),
  'other@example.com',
  security,
];
export const admins = 'admins';
const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const exemptTag = 'remedykit:exempt';
/** The two MFA policies, as they must be. */
export const policies: MfaPolicies = mfaPolicies({ accountId });

const arnOf = (name: string): string => `arn:aws:iam::${accountId}:user/${name}`;
/** Never acted on. */
export const breakGlass: readonly string[] = [arnOf('fay')];
export const ownPrincipals: readonly string[] = [arnOf('gus')];

/** Whether one of the two is attached to a user. */
export const isDenied = ({ attachedPolicies }: Pick<UserView, 'attachedPolicies'>): boolean =>
  attachedPolicies.includes(policies.enrolment.arn) || attachedPolicies.includes(policies.hold.arn);

/** Puts everybody on the stage. */
export const addCast = (iam: FakeIam, { ages, hardExpiry }: Story): void => {
  const before = (count: number): Date => new Date(start.getTime() - days(count));
  const [a = 80, b = 80, c = 80, d = 80, e = 80, f = 80] = ages;
  const owned = (name: string) => ({ name, tags: { owner: `${name}@example.com` } });
  for (const { name, path, document } of [policies.enrolment, policies.hold]) iam.addPolicy({ name, path, document });
  const boundary = iam.addPolicy({ name: 'boundary', document: { Version: '2012-10-17', Statement: [] } });
  iam.addGroup({ name: admins, attachedPolicies: [admin] });
  if (hardExpiry) iam.setPasswordPolicy({ maxAgeDays: 90, hardExpiry: true });
  iam.addUser({ ...owned('ana'), keys: [{ createdAt: before(a) }, { createdAt: before(b) }] });
  iam.addUser({ ...owned('bo'), password: { createdAt: before(200), lastUsed: before(3) } });
  iam.addUser({ ...owned('cleo'), password: { createdAt: before(c) }, keys: [{ createdAt: before(c) }] });
  iam.addUser({ name: 'dan', keys: [{ createdAt: before(d), lastUsed: before(Math.floor(d / 2)) }] });
  iam.addUser({ ...owned('eve'), serviceSpecific: [{ createdAt: before(e) }], keys: [{ createdAt: before(f) }] });
  iam.addUser({ ...owned('fay'), password: { createdAt: before(100) }, keys: [{ createdAt: before(100) }] });
  iam.addUser({ ...owned('gus'), keys: [{ createdAt: before(100) }] });
  iam.addUser({
    ...owned('pri'),
    password: { createdAt: before(150), changedAt: before(9), lastUsed: before(2) },
    attachedPolicies: [admin],
  });
  iam.addUser({
    ...owned('bea'),
    password: { createdAt: before(150), changedAt: before(9), lastUsed: before(2) },
    boundary,
  });
};
