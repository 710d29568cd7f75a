import { describe, expect, it } from 'vitest';
import type { Exemption, TagExemption } from './exemption.ts';
import { type ExemptionSubject, exemptionOf } from './exemption-of.ts';
import { parseExemptions } from './parse-exemptions.ts';

const now = new Date('2026-11-24T10:00:00Z');
const expires = new Date('2027-03-31T00:00:00Z');
const alice: ExemptionSubject = {
  userId: 'AIDAALICE0000000001',
  userName: 'Alice',
  arn: 'arn:aws:iam::111122223333:user/mainframe/cics/Alice',
  path: '/mainframe/cics/',
  groups: ['developers', 'bridge'],
  tags: {},
};

const terms = { reason: 'legacy bridge', expires };
const exempt = (exemption: Exemption, user: ExemptionSubject = alice, at = now) =>
  exemptionOf(user, parseExemptions([exemption]), at).exempt;

describe('who is exempt', () => {
  it.each([
    ['user id', { userId: 'AIDAALICE0000000001' }, 'user-id:AIDAALICE0000000001'],
    ['name, whatever its case', { user: 'alice' }, 'user:alice'],
    ['ARN', { user: alice.arn }, `arn:${alice.arn}`],
    ['path', { path: '/mainframe/' }, 'path:/mainframe/'],
    ['the whole path', { path: '/mainframe/cics/' }, 'path:/mainframe/cics/'],
    ['pattern', { pattern: 'ali*' }, 'pattern:ali*'],
    ['pattern of single characters', { pattern: '?lic?' }, 'pattern:?lic?'],
    ['group', { group: 'bridge' }, 'group:bridge'],
  ])('by %s', (_, selector, by) => {
    expect(exempt({ ...selector, ...terms })).toEqual({ reason: 'legacy bridge', expires: expires.toISOString(), by });
  });

  it.each([
    ['another user id', { userId: 'AIDAALICE0000000002' }],
    ['a name that hers begins', { user: 'Alicea' }],
    ['a name that begins hers', { user: 'Ali' }],
    ['the ARN of her name without the path', { user: 'arn:aws:iam::111122223333:user/Alice' }],
    ['a path beside hers', { path: '/main/' }],
    ['a path below hers', { path: '/mainframe/cics/prod/' }],
    ['a pattern that fits only the beginning', { pattern: 'a?' }],
    ['a pattern that fits only the end', { pattern: '?ice' }],
    ['a pattern with the characters of a regular expression', { pattern: 'a.*' }],
    ['another group', { group: 'bridges' }],
  ])('not by %s', (_, selector) => {
    expect(exempt({ ...selector, ...terms })).toBeUndefined();
  });

  it('I2: every member of a group is, however many there are, for the group is read from the user', () => {
    const exemptions = parseExemptions([{ group: 'bridge', ...terms }]);
    const members = Array.from({ length: 150 }, (_, index) => ({ ...alice, userName: `user-${index}` }));
    expect(members.filter((user) => exemptionOf(user, exemptions, now).exempt === undefined)).toEqual([]);
    expect(exemptionOf({ ...alice, groups: [] }, exemptions, now).exempt).toBeUndefined();
  });
});

describe('until when', () => {
  it('an exemption ends at its instant, and is reported from then on', () => {
    const exemptions = parseExemptions([{ user: 'Alice', ...terms }]);
    const before = exemptionOf(alice, exemptions, new Date(expires.getTime() - 1));
    expect(before).toEqual({ exempt: expect.objectContaining({ by: 'user:Alice' }), expired: [], faults: [] });
    const after = exemptionOf(alice, exemptions, expires);
    expect(after).toEqual({ expired: [expect.objectContaining({ by: 'user:Alice' })], faults: [] });
  });

  it('of several the one that lasts longest counts, of equals the first', () => {
    const list = parseExemptions([
      { user: 'Alice', reason: 'short', expires: new Date('2026-12-01') },
      { group: 'bridge', reason: 'long', expires: new Date('2027-12-01') },
      { path: '/mainframe/', reason: 'as long', expires: new Date('2027-12-01') },
      { pattern: 'a*', reason: 'over', expires: new Date('2026-01-01') },
    ]);
    const answer = exemptionOf(alice, list, now);
    expect(answer.exempt?.reason).toBe('long');
    expect(answer.expired.map(({ reason }) => reason)).toEqual(['over']);
  });
});

describe('tags', () => {
  const tags: TagExemption = { key: 'remedykit:exempt', acknowledge: 'whoever-may-tag-users-may-exempt-them' };
  const tagged = (value: string): ExemptionSubject => ({ ...alice, tags: { 'remedykit:exempt': value } });

  it('exempt nobody unless they are switched on', () => {
    expect(exemptionOf(tagged('2027-03-31 bridge'), [], now)).toStrictEqual({ expired: [], faults: [] });
    const odd = { ...alice, tags: { undefined: '2027-03-31 bridge' } };
    expect(exemptionOf(odd, [], now)).toStrictEqual({ expired: [], faults: [] });
  });

  it('say the end and the reason', () => {
    expect(exemptionOf(tagged('2027-03-31 legacy bridge'), [], now, { tags }).exempt).toEqual({
      reason: 'legacy bridge',
      expires: '2027-03-31T00:00:00.000Z',
      by: 'tag:remedykit:exempt',
    });
    expect(exemptionOf(tagged(' 2027-03-31  legacy bridge '), [], now, { tags }).exempt?.reason).toBe('legacy bridge');
    const over = exemptionOf(tagged('2026-11-24 done'), [], now, { tags });
    expect(over).toEqual({ expired: [expect.objectContaining({ reason: 'done' })], faults: [] });
  });

  it.each([
    '',
    'true',
    '2027-03-31',
    '2027-03-31 ',
    '2027-02-31 no such day',
    '31.03.2027 bridge',
    'until 2027-03-31 x',
  ])('exempt nobody with the value %j, which is reported', (value) => {
    const { exempt: none, faults } = exemptionOf(tagged(value), [], now, { tags });
    expect(none).toBeUndefined();
    expect(faults).toEqual([expect.stringContaining('remedykit:exempt')]);
  });

  it('no tag, no fault', () => {
    expect(exemptionOf(alice, [], now, { tags })).toEqual({ expired: [], faults: [] });
  });
});
