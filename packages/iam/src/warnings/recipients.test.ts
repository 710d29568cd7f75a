import { describe, expect, it } from 'vitest';
import { parseAddress } from './address.ts';
import { checkRecipientOptions, type RecipientOptions, recipientsOf } from './recipients.ts';

const options: RecipientOptions = { fallback: 'security@example.com', allowedRecipientDomains: ['example.com'] };

const user = (userName: string, tags: Readonly<Record<string, string>> = {}) => ({
  userId: 'AIDAEXAMPLEALICE00001',
  userName,
  tags,
});

const fallback = { role: 'fallback', address: 'security@example.com', source: 'fallback' };

describe('recipientsOf', () => {
  it('I33: asks the tag, the user name, contacts, the account owner and the fallback, in this order', () => {
    const { recipients, skipped } = recipientsOf(user('alice@example.com', { Email: 'team@example.com' }), {
      ...options,
      contacts: { 'alice@example.com': 'lead@example.com' },
      accountOwner: 'owner@example.com',
    });
    expect(recipients).toEqual([
      { role: 'owner', address: 'team@example.com', source: 'tag:email' },
      { role: 'owner', address: 'alice@example.com', source: 'user-name' },
      { role: 'owner', address: 'lead@example.com', source: 'contacts' },
      { role: 'owner', address: 'owner@example.com', source: 'account-owner' },
      fallback,
    ]);
    expect(skipped).toEqual([]);
  });

  it('I18: nobody is without a recipient: who has no owner address is told about at the fallback', () => {
    expect(recipientsOf(user('ci-deploy', { team: 'payments' }), options)).toEqual({
      recipients: [fallback],
      skipped: [],
    });
  });

  it('I33: says which links of the chain it skipped, and why', () => {
    const { recipients, skipped } = recipientsOf(
      user('bob@evil.example', {
        email: 'payments team',
        'owner-email': 'x@sub.example.com',
        owner: 'Security@Example.com',
      }),
      { ...options, contact: 'a@example.com,b@example.com' },
    );
    expect(recipients).toEqual([fallback]);
    expect(skipped).toEqual([
      { source: 'tag:email', why: 'not-an-address' },
      { source: 'tag:owner-email', why: 'domain-not-allowed' },
      { source: 'tag:owner', why: 'same-as-fallback' },
      { source: 'user-name', why: 'domain-not-allowed' },
      { source: 'contacts', why: 'not-an-address' },
    ]);
  });

  it('writes to one mailbox once, however it is spelt', () => {
    const { recipients } = recipientsOf(user('alice@example.com', { email: 'Alice@EXAMPLE.com' }), options);
    expect(recipients).toEqual([{ role: 'owner', address: 'Alice@example.com', source: 'tag:email' }, fallback]);
  });

  it('prefers what a function answered to the record, the id to the name, and knows no inherited names', () => {
    const contacts = { alice: 'by-name@example.com', AIDAEXAMPLEALICE00001: 'by-id@example.com' };
    const first = (extra: Partial<RecipientOptions>, name = 'alice') =>
      recipientsOf(user(name), { ...options, ...extra }).recipients[0]?.address;
    expect(first({ contacts, contact: 'answer@example.com' })).toBe('answer@example.com');
    expect(first({ contacts })).toBe('by-id@example.com');
    expect(first({ contacts: { alice: 'by-name@example.com' } })).toBe('by-name@example.com');
    expect(recipientsOf(user('constructor'), { ...options, contacts: {} })).toEqual({
      recipients: [fallback],
      skipped: [],
    });
  });

  it('reads the tags that it is told to, and none if there are none', () => {
    const tagged = user('alice', { 'Cost-Owner': 'costs@example.com', email: 'alice@example.com' });
    expect(recipientsOf(tagged, { ...options, ownerTags: ['cost-owner'] }).recipients[0]?.source).toBe(
      'tag:cost-owner',
    );
    expect(recipientsOf(tagged, { ...options, ownerTags: [] }).recipients).toEqual([fallback]);
  });

  it('passes over tags without a value, and reads what is written with spaces around it', () => {
    const tagged = user('alice', { email: '  ', owner: ' team@example.com ' });
    expect(recipientsOf(tagged, { ...options, contact: ' lead@example.com ' })).toEqual({
      recipients: [
        { role: 'owner', address: 'team@example.com', source: 'tag:owner' },
        { role: 'owner', address: 'lead@example.com', source: 'contacts' },
        fallback,
      ],
      skipped: [],
    });
  });

  it('compares domains whole, in Punycode and lower case', () => {
    const german = { ...options, allowedRecipientDomains: ['example.com', 'Bücher.example'] };
    expect(recipientsOf(user('a', { email: 'a@BÜCHER.example' }), german).recipients[0]?.address).toBe(
      'a@xn--bcher-kva.example',
    );
    for (const email of ['a@notexample.com', 'a@example.com.evil.example', 'a@sub.example.com', 'a@exаmple.com'])
      expect(recipientsOf(user('a', { email }), options).skipped, email).toEqual([
        { source: 'tag:email', why: 'domain-not-allowed' },
      ]);
  });

  it.each([
    ['no fallback', { fallback: 'security' }],
    ['a fallback elsewhere', { fallback: 'security@example.org' }],
    ['an account owner elsewhere', { accountOwner: 'owner@example.org' }],
    ['a domain that is none', { allowedRecipientDomains: ['*.example.com'] }],
    ['no domains at all', { allowedRecipientDomains: [] }],
  ])('refuses %s at the door', (_, wrong) => {
    expect(() => checkRecipientOptions({ ...options, ...wrong })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

it('names the option that is wrong', () => {
  const message = (wrong: Partial<RecipientOptions>): string => {
    try {
      checkRecipientOptions({ ...options, ...wrong });
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  expect(message({ allowedRecipientDomains: ['example.com', 'no domain'] })).toMatch(
    /allowedRecipientDomains .*"no domain"/,
  );
  expect(message({ accountOwner: 'nobody' })).toMatch(/: accountOwner must/);
  expect(message({ fallback: 'x@other.example' })).toMatch(/: fallbackRecipient is at other\.example,/);
});

describe('parseAddress', () => {
  it.each([
    'a@example.com',
    'alice+aws@example.com',
    "o'brien@example.com",
    'a.b-c_d@mail.example.com',
    '+@example.com',
  ])('I35: takes %s', (address) => {
    expect(parseAddress(address)?.address).toBe(address);
  });

  it.each([
    '',
    'alice',
    '@example.com',
    'alice@',
    'alice@example',
    'a|b c@example.com',
    'Alice <alice@example.com>',
    'alice@example.com, bob@example.com',
    'alice@example.com;bob@example.com',
    'alice@example.com\r\nBcc: bob@example.com',
    'alice@example.com\n',
    'alice\u0000@example.com',
    'älice@example.com',
    '"alice"@example.com',
    'alice@[192.0.2.1]',
    'alice@192.0.2.1',
    '.alice@example.com',
    'alice..b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'a.'.repeat(130)}com`,
    undefined,
    7,
  ])('I34: refuses %j', (address) => {
    expect(parseAddress(address)).toBeUndefined();
  });
});
