import { domainToASCII } from 'node:url';

/**
 * The mail address as SES takes it, or `undefined` for what is none: ASCII before the `@` (SES knows no SMTPUTF8), the
 * domain in Punycode. One address alone, so no text can add a second recipient or a header.
 */
export const parseMailAddress = (input: unknown): string | undefined => {
  if (typeof input !== 'string') return undefined;
  const at = input.lastIndexOf('@');
  const local = input.slice(0, at);
  if (at < 1 || !/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local)) return undefined;
  if (local.length > 64 || /[\p{Cc}\s,;<>"()[\]\\]/u.test(input)) return undefined;
  const domain = domainToASCII(input.slice(at + 1));
  const labels = domain.split('.');
  const valid = labels.length >= 2 && labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  // A domain that ends in digits is an address of a host, not of a mailbox.
  if (!valid || domain.length > 253 || /^\d+$/.test(labels.at(-1) ?? '')) return undefined;
  return `${local}@${domain}`;
};

/** Bytes of a name in one encoded word of RFC 2047, which holds 75 characters. */
const longestName = 45;

/** `security@example.com` or `Security team <security@example.com>` as a header takes it; `undefined` for anything else. */
export const parseSender = (input: unknown): string | undefined => {
  if (typeof input !== 'string') return undefined;
  const named = /^([^<>]*)<([^<>]*)>$/.exec(input.trim());
  if (named === null) return parseMailAddress(input.trim());
  const address = parseMailAddress(named[2]);
  const name = (named[1] ?? '').trim().replace(/^"(.*)"$/, '$1');
  if (address === undefined || /[\p{Cc}"\\]/u.test(name) || Buffer.byteLength(name) > longestName) return undefined;
  if (name === '') return address;
  const ascii = /^[\x20-\x7e]*$/.test(name);
  return ascii ? `"${name}" <${address}>` : `=?UTF-8?B?${Buffer.from(name).toString('base64')}?= <${address}>`;
};
