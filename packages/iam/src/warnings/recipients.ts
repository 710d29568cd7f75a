import { RemediationError } from '@remedykit/core';
import type { Recipient } from '../model/case.ts';
import type { IamUser } from '../model/user.ts';
import { mailboxOf, parseAddress, parseDomain } from './address.ts';

/** Tags that name an owner, in order of preference. IAM compares the keys of tags without regard to case, and so do we. */
export const defaultOwnerTags: readonly string[] = ['email', 'owner-email', 'owner'];

/** Whom a warning may go to. What is asked of people or of a function was answered before. */
export interface RecipientOptions {
  /** Default `defaultOwnerTags`; `[]`: no tag is read. */
  readonly ownerTags?: readonly string[];
  /** Addresses by user name or user id. */
  readonly contacts?: Readonly<Record<string, string>>;
  /** What a function answered about this user; counts before `contacts`. */
  readonly contact?: string;
  /** Who answers for the account as a whole. */
  readonly accountOwner?: string;
  /** Who is told when nobody else can be. */
  readonly fallback: string;
  /** Exactly these domains, none below them: tags are written by people. Punycode and Unicode are the same. */
  readonly allowedRecipientDomains: readonly string[];
}

/** A link of the chain that named somebody whom we do not write to. */
export interface SkippedRecipient {
  /** `tag:owner`, `user-name`, `contacts`, `account-owner`. */
  readonly source: string;
  /**
   * - `not-an-address`: not one plain mail address
   * - `domain-not-allowed`: outside `allowedRecipientDomains`
   * - `same-as-fallback`: it is the fallback's address, which counts as fallback alone
   */
  readonly why: 'not-an-address' | 'domain-not-allowed' | 'same-as-fallback';
}

/** Whom a warning about a user goes to, and whom it does not. */
export interface RecipientChain {
  /** In order of preference, the fallback last. Never empty. */
  readonly recipients: readonly Recipient[];
  /** To be reported: a mail that nobody gets is found late. */
  readonly skipped: readonly SkippedRecipient[];
}

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'OPTION_INVALID', message: `recipients: ${what}` });

/** The options in the form in which addresses are compared. */
interface Checked {
  readonly fallback: string;
  readonly domains: ReadonlySet<string>;
}

/**
 * Checks what the chain ends in, when the enforcer is created: a fallback that cannot be written to is found out before
 * the first warning.
 * @throws RemediationError `OPTION_INVALID`
 */
export const checkRecipientOptions = (
  options: Pick<RecipientOptions, 'fallback' | 'accountOwner' | 'allowedRecipientDomains'>,
): Checked => {
  const domains = new Set(
    options.allowedRecipientDomains.map((input) => {
      const domain = parseDomain(input);
      if (domain !== undefined) return domain;
      throw invalid(`allowedRecipientDomains must hold domains like example.com; one is ${JSON.stringify(input)}.`);
    }),
  );
  const checked = (name: string, input: string): string => {
    const parsed = parseAddress(input);
    if (parsed === undefined) throw invalid(`${name} must be one plain mail address.`);
    if (domains.has(parsed.domain)) return parsed.address;
    throw invalid(`${name} is at ${parsed.domain}, which allowedRecipientDomains does not hold.`);
  };
  if (options.accountOwner !== undefined) checked('accountOwner', options.accountOwner);
  return { fallback: checked('fallbackRecipient', options.fallback), domains };
};

/** What a link of the chain names. */
interface Candidate {
  readonly source: string;
  readonly text: string;
}

const taggedBy = ({ tags }: Pick<IamUser, 'tags'>, ownerTags: readonly string[]): Candidate[] => {
  const byKey = new Map(Object.entries(tags).map(([key, text]) => [key.toLowerCase(), text]));
  return ownerTags.flatMap((tag) => {
    const text = byKey.get(tag.toLowerCase())?.trim();
    return text === undefined || text === '' ? [] : [{ source: `tag:${tag}`, text }];
  });
};

const contactOf = (user: Pick<IamUser, 'userId' | 'userName'>, options: RecipientOptions): string | undefined => {
  if (options.contact !== undefined) return options.contact;
  // A user may be called `constructor`.
  const byName = new Map(Object.entries(options.contacts ?? {}));
  return byName.get(user.userId) ?? byName.get(user.userName);
};

/**
 * Whom a warning about a user goes to: owner tags, the user name if it is an address, contacts, the account's owner, then
 * the fallback. Every link is checked; what is no plain address of an allowed domain is skipped and said, never written to.
 * An address that is the fallback's counts as fallback: a tag must not make an owner of who only stands in for one.
 * Pure.
 * @throws RemediationError `OPTION_INVALID` when the fallback or a domain is none
 * @example
 * ```ts
 * const { recipients, skipped } = recipientsOf(user, {
 *   fallback: 'security@example.com',
 *   allowedRecipientDomains: ['example.com'],
 * });
 * ```
 */
export const recipientsOf = (
  user: Pick<IamUser, 'userId' | 'userName' | 'tags'>,
  options: RecipientOptions,
): RecipientChain => {
  const { fallback, domains } = checkRecipientOptions(options);
  const contact = contactOf(user, options);
  const candidates: Candidate[] = [
    ...taggedBy(user, options.ownerTags ?? defaultOwnerTags),
    // Most user names are no addresses, and nobody meant them to be.
    ...(user.userName.includes('@') ? [{ source: 'user-name', text: user.userName }] : []),
    ...(contact === undefined ? [] : [{ source: 'contacts', text: contact.trim() }]),
    ...(options.accountOwner === undefined ? [] : [{ source: 'account-owner', text: options.accountOwner }]),
  ];
  const recipients: Recipient[] = [];
  const skipped: SkippedRecipient[] = [];
  const seen = new Set<string>();
  for (const { source, text } of candidates) {
    const parsed = parseAddress(text);
    if (parsed === undefined) skipped.push({ source, why: 'not-an-address' });
    else if (!domains.has(parsed.domain)) skipped.push({ source, why: 'domain-not-allowed' });
    else if (mailboxOf(parsed.address) === mailboxOf(fallback)) skipped.push({ source, why: 'same-as-fallback' });
    else if (!seen.has(mailboxOf(parsed.address))) {
      seen.add(mailboxOf(parsed.address));
      recipients.push({ role: 'owner', address: parsed.address, source });
    }
  }
  return { recipients: [...recipients, { role: 'fallback', address: fallback, source: 'fallback' }], skipped };
};
