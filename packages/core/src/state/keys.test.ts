import { describe, expect, it } from 'vitest';
import { parseKey, parsePrefix } from './keys.ts';

const code = { code: 'STATE_KEY_INVALID' };
const expectInvalid = (run: () => unknown): void => expect(run).toThrow(expect.objectContaining(code));

describe('parseKey', () => {
  it('splits at the first slash', () => {
    expect(parseKey('nacl/111122223333/eu-west-1')).toEqual({ first: 'nacl', rest: '111122223333/eu-west-1' });
  });

  it('takes a key of exactly 1,024 bytes', () => {
    expect(parseKey(`a/${'b'.repeat(1022)}`).rest).toHaveLength(1022);
    expectInvalid(() => parseKey(`a/${'b'.repeat(1023)}`));
  });

  it.each(['', 'nacl', '/nacl', 'nacl/', 'nacl//acl', 'nacl/é', 'nacl/a\nb', 'nacl/a\u007f'])('refuses %j', (key) =>
    expectInvalid(() => parseKey(key)),
  );
});

describe('parsePrefix', () => {
  it.each([
    ['nacl/', { first: 'nacl', rest: '' }],
    ['nacl/1111', { first: 'nacl', rest: '1111' }],
    ['nacl/111122223333/', { first: 'nacl', rest: '111122223333/' }],
  ])('takes %j', (prefix, parts) => expect(parsePrefix(prefix)).toEqual(parts));

  it.each(['', 'nacl', '/', '/nacl', 'nacl//', 'nacl/a//b', 'nacl/é'])('refuses %j', (prefix) =>
    expectInvalid(() => parsePrefix(prefix)),
  );
});
