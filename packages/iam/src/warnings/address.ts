import { domainToASCII } from 'node:url';

/** The longest address that a mail server takes. Source: RFC 5321, 4.5.3.1. */
const longest = 254;

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

const domainOf = (input: string): string | undefined => {
  const domain = domainToASCII(input);
  const labels = domain.split('.');
  const valid = labels.length >= 2 && labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  // A domain that ends in digits is an address of a host, not of a mailbox.
  return valid && domain.length <= 253 && !/^\d+$/.test(labels.at(-1) ?? '') ? domain : undefined;
};

/** A mail address in its two parts. */
export interface MailAddress {
  /** Both parts, as SES takes them. */
  readonly address: string;
  /** In lower case and Punycode: `xn--bcher-kva.example`. */
  readonly domain: string;
}

/**
 * One mail address and nothing else: ASCII before the `@` (SES knows no SMTPUTF8), no display name, no second address, no
 * control character, so that whoever writes a tag adds no recipient and no header. `undefined` for anything else.
 */
export const parseAddress = (input: unknown): MailAddress | undefined => {
  if (typeof input !== 'string' || input.length > longest || /[\p{Cc}\s,;<>"()[\]\\]/u.test(input)) return undefined;
  const at = input.lastIndexOf('@');
  const local = input.slice(0, at);
  if (at < 1 || local.length > 64 || !localPart.test(local)) return undefined;
  const domain = domainOf(input.slice(at + 1));
  if (domain === undefined || local.length + 1 + domain.length > longest) return undefined;
  return { address: `${local}@${domain}`, domain };
};

/** A domain as `parseAddress` gives it; `undefined` for what is none. */
export const parseDomain = (input: unknown): string | undefined =>
  typeof input === 'string' && !/[\p{Cc}\s@/:?#]/u.test(input) ? domainOf(input) : undefined;

/** The same for two spellings of one mailbox: no provider in use tells mailboxes apart by case. */
export const mailboxOf = (address: string): string => address.toLowerCase();
