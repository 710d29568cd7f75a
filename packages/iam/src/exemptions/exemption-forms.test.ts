import { describe, expect, it } from 'vitest';
import type { Exemption, TagExemption } from './exemption.ts';
import { parseExemptions, parseTagExemption } from './parse-exemptions.ts';

const of = { reason: 'bridge', expires: new Date('2027-03-31T00:00:00.000Z') };
const invalid = expect.objectContaining({ code: 'EXEMPTION_INVALID' });
const thrownBy = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('an exemption', () => {
  it.each([
    { userId: 'xAIDAEXAMPLEALICE00001' },
    { userId: 'AIDAEXAMPLEALICE00001*' },
    { user: 'x arn:aws:iam::111122223333:user/alice' },
    { user: 'arn:aws:iam::111122223333:user/alice*' },
    { path: 'x/mainframe/' },
    { path: '/mainframe/x' },
  ])('is for what the whole text names, or for nobody: %j', (selector) => {
    expect(thrownBy(() => parseExemptions([{ ...selector, ...of }]))).toEqual(invalid);
  });

  it('is for a user in any partition, and a name that begins like an ARN is none elsewhere', () => {
    const user = 'arn:aws-us-gov:iam::111122223333:user/alice';
    expect(parseExemptions([{ user, ...of }])).toMatchObject([{ kind: 'arn', value: user }]);
    expect(thrownBy(() => parseExemptions([{ group: user, ...of }]))).toEqual(
      expect.objectContaining({ message: expect.stringContaining('the name of a group') }),
    );
  });

  it.each([null, 'alice', 7, undefined])('is an object: %j', (input) => {
    const error = thrownBy(() => parseExemptions([input as unknown as Exemption]));
    expect(error).toMatchObject({ code: 'EXEMPTION_INVALID', message: 'exemptions[0] must be an object.' });
  });

  it('comes in a list', () => {
    expect(thrownBy(() => parseExemptions({} as readonly Exemption[]))).toEqual(invalid);
  });

  it('has a reason in words, of 256 characters at most', () => {
    const parse = (reason: unknown) =>
      thrownBy(() => parseExemptions([{ user: 'alice', ...of, reason: reason as string }]));
    expect(parse('r'.repeat(256))).toMatchObject([{ reason: 'r'.repeat(256) }]);
    for (const reason of ['r'.repeat(257), ' ', 7, undefined]) expect(parse(reason)).toEqual(invalid);
  });
});

describe('a tag that exempts', () => {
  const parse = (key: unknown) =>
    thrownBy(() =>
      parseTagExemption({ key: key as string, acknowledge: 'whoever-may-tag-users-may-exempt-them' } as TagExemption),
    );

  it('has a key that a tag can have', () => {
    for (const key of ['remedykit:exempt', 'Exempt until 2027', 'k'.repeat(128)])
      expect(parse(key)).toMatchObject({ key });
    for (const key of ['', ' ', '*exempt', 'exempt*', 'k'.repeat(129), 7, undefined])
      expect(parse(key)).toEqual(invalid);
  });
});
