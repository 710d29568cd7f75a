import { expect, it } from 'vitest';
import { createFakeIam } from './index.ts';

const now = () => new Date('2026-11-24T10:00:00Z');
const createdAt = '2026-01-01T00:00:00Z';

it('adds a user with everything, as old as the oldest credential', () => {
  const iam = createFakeIam({ now });
  const added = iam.addUser({
    name: 'ana',
    password: { createdAt: '2026-03-01T00:00:00Z', lastUsed: '2026-04-01T00:00:00Z', resetRequired: true },
    keys: [{ createdAt, lastUsed: '2026-05-01T00:00:00Z' }],
    groups: ['ops'],
    tags: { owner: 'ana@example.com' },
  });
  expect(added).toEqual({
    name: 'ana',
    userId: expect.any(String),
    arn: 'arn:aws:iam::111122223333:user/ana',
    path: '/',
    createdAt: '2026-01-01T00:00:00.000Z',
    tags: { owner: 'ana@example.com' },
    groups: ['ops'],
    attachedPolicies: [],
    inlinePolicies: [],
    password: {
      createdAt: '2026-03-01T00:00:00.000Z',
      changedAt: '2026-03-01T00:00:00.000Z',
      resetRequired: true,
    },
    passwordLastUsedAt: '2026-04-01T00:00:00.000Z',
    mfa: [],
    keys: [
      {
        id: expect.any(String),
        createdAt: '2026-01-01T00:00:00.000Z',
        active: true,
        lastUsedAt: '2026-05-01T00:00:00.000Z',
      },
    ],
    serviceSpecific: [],
    certificates: [],
    sshKeys: [],
  });
  expect(iam.user('ana')).toEqual(added);
});

it('adds a whole user or nobody', () => {
  const iam = createFakeIam({ now });
  expect(() => iam.addUser({ name: 'ana', attachedPolicies: ['arn:aws:iam::111122223333:policy/none'] })).toThrow(
    /does not exist/,
  );
  expect(() => iam.addUser({ name: 'ana', keys: [{ createdAt: 'yesterday' }] })).toThrow(/instant "yesterday"/);
  iam.addUser({ name: 'ana' });
  expect(iam.users).toHaveLength(1);
});

it('changes what people change', () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana', tags: { team: 'ops', owner: 'x' } });
  iam.addGroup({ name: 'admins' });
  const policy = iam.addPolicy({ name: 'own', document: {} });
  const id = iam.addKey('ana');
  iam.setKeyActive('ana', id, false);
  iam.useKey('ana', id, createdAt);
  iam.addToGroup('ana', 'admins');
  iam.attach('ana', policy);
  iam.setBoundary('ana', policy);
  iam.tag('ana', { owner: 'y' });
  iam.untag('ana', 'team');
  iam.setPassword('ana', { createdAt, mfa: 'virtual' });
  expect(iam.user('ana')).toMatchObject({
    tags: { owner: 'y' },
    groups: ['admins'],
    attachedPolicies: [policy],
    boundaryArn: policy,
    mfa: [{ kind: 'virtual', enabledAt: '2026-01-01T00:00:00.000Z' }],
    keys: [{ id, active: false, createdAt: '2026-11-24T10:00:00.000Z', lastUsedAt: '2026-01-01T00:00:00.000Z' }],
  });
  iam.removeFromGroup('ana', 'admins');
  iam.detach('ana', policy);
  iam.setBoundary('ana', undefined);
  iam.removeKey('ana', id);
  iam.removePassword('ana');
  const after = iam.user('ana');
  expect([after.groups, after.attachedPolicies, after.keys]).toEqual([[], [], []]);
  expect([after.boundaryArn, after.password]).toEqual([undefined, undefined]);
});

it('adds versions of policies, the default ones if nothing else is said', () => {
  const iam = createFakeIam({ now });
  const arn = iam.addPolicy({ name: 'own', document: '{}' });
  expect([iam.addPolicyVersion(arn, {}), iam.addPolicyVersion(arn, {}, { asDefault: false })]).toEqual(['v2', 'v3']);
});

it('shows the root user', () => {
  const iam = createFakeIam({ now });
  expect(iam.root).toEqual({ mfa: 'virtual', keys: [] });
  iam.setRoot({ mfa: false, keys: [{ createdAt, id: 'AKIAAAAAAAAAAAAAAAAA' }] });
  expect(iam.root).toMatchObject({ mfa: false, keys: [{ id: 'AKIAAAAAAAAAAAAAAAAA', active: true }] });
});

it('says who or what is not there', () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana' });
  expect(() => iam.user('ben')).toThrow(/name ben cannot be found/);
  expect(() => iam.changePassword('ana')).toThrow(/no password/);
  expect(() => iam.useKey('ana', 'AKIA', createdAt)).toThrow(/no access key AKIA/);
});
