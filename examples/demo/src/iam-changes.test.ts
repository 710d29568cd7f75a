import { createFakeIam } from '@remedykit/iam/testing';
import { describe, expect, it } from 'vitest';
import { iamChanges, keysText, policiesText } from './iam-changes.ts';

const at = new Date('2026-12-01T08:00:00.000Z');
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

const changesBy = (act: (iam: ReturnType<typeof createFakeIam>, keyId: string) => void): string[] => {
  const iam = createFakeIam({ now: () => at });
  const { keys } = iam.addUser({
    name: 'ana',
    password: { createdAt: at },
    keys: [{ createdAt: at, id: 'AKIAEXAMPLE0000001' }],
  });
  iam.addUser({ name: 'ben' });
  const { users } = iam;
  act(iam, keys[0]?.id ?? '');
  return iamChanges(users, iam.users);
};

describe('what is otherwise in IAM than before', () => {
  it.each<[string, Parameters<typeof changesBy>[0], string[]]>([
    ['nothing', () => {}, []],
    [
      'a key made inactive',
      (iam, id) => iam.setKeyActive('ana', id, false),
      ['ana, access key AKIA…0001: Active → Inactive'],
    ],
    ['a key deleted', (iam, id) => iam.removeKey('ana', id), ['ana, access key AKIA…0001: Active → deleted']],
    ['a policy', (iam) => iam.attach('ben', administrator), ['ben, attached policies: none → AdministratorAccess']],
    ['the password', (iam) => iam.removePassword('ana'), ['ana, password: deleted']],
    ['a new user', (iam) => void iam.addUser({ name: 'cleo' }), []],
  ])('%s', (_what, act, changes) => {
    expect(changesBy(act)).toEqual(changes);
  });

  it('says what a user has, the oldest key first', () => {
    const iam = createFakeIam({ now: () => at });
    const keys = [
      { createdAt: at, id: 'AKIAEXAMPLE0000002' },
      { createdAt: '2026-01-01T00:00:00.000Z', id: 'AKIAEXAMPLE0000001', active: false },
    ];
    const ana = iam.addUser({ name: 'ana', keys });
    expect(keysText(ana)).toBe('AKIA…0001 of 2026-01-01 Inactive, AKIA…0002 of 2026-12-01 Active');
    expect([keysText(iam.addUser({ name: 'ben' })), policiesText(ana)]).toEqual(['none', 'none']);
  });
});
