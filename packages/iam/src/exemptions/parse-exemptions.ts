import { RemediationError, toInstant } from '@remedykit/core';
import type { Exemption, ListedExemption, TagExemption } from './exemption.ts';

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'EXEMPTION_INVALID', message: `${what}.` });

const longestReason = 256;

/** Names of IAM users and groups. */
const name = /^[\w+=,.@-]{1,128}$/;

interface Form {
  readonly fits: (value: string) => boolean;
  readonly mustBe: string;
}

const forms: Readonly<Record<ListedExemption['kind'], Form>> = {
  'user-id': { fits: (value) => /^AIDA[A-Z0-9]{8,124}$/.test(value), mustBe: 'the id of a user, AIDA…' },
  user: { fits: (value) => name.test(value), mustBe: 'the name or the ARN of one user' },
  arn: {
    fits: (value) => /^arn:aws[a-z-]*:iam::\d{12}:user\/[\w+=,.@/-]+$/.test(value),
    mustBe: 'the name or the ARN of one user',
  },
  path: {
    fits: (value) => /^\/(?:[!-.0-~]+\/)+$/.test(value) && !/[*?]/.test(value),
    mustBe: 'a path that begins and ends with / and is not / alone, which is everybody',
  },
  pattern: {
    fits: (value) => /^[\w+=,.@*?-]{1,128}$/.test(value) && /[^*?]/.test(value),
    mustBe: 'a pattern of a name in which not all is * or ?, which is everybody',
  },
  group: { fits: (value) => name.test(value), mustBe: 'the name of a group' },
};

const fields = ['userId', 'user', 'path', 'pattern', 'group'] as const;
const known: ReadonlySet<string> = new Set([...fields, 'reason', 'expires']);

const kindOf = (field: (typeof fields)[number], value: string): ListedExemption['kind'] => {
  if (field === 'userId') return 'user-id';
  return field === 'user' && value.startsWith('arn:') ? 'arn' : field;
};

const parseOne = (input: unknown, where: string): ListedExemption => {
  if (typeof input !== 'object' || input === null) throw invalid(`${where} must be an object`);
  const exemption: Readonly<Record<string, unknown>> = { ...input };
  const stray = Object.keys(exemption).find((key) => !known.has(key));
  if (stray !== undefined) throw invalid(`${where} has the unknown field ${JSON.stringify(stray)}`);

  const [field, ...more] = fields.filter((each) => exemption[each] !== undefined);
  if (field === undefined || more.length > 0)
    throw invalid(`${where} must have exactly one of ${fields.join(', ')}; write one exemption for each`);
  const value = exemption[field];
  const kind = kindOf(field, String(value));
  if (typeof value !== 'string' || !forms[kind].fits(value))
    throw invalid(`${where}: ${field} must be ${forms[kind].mustBe}; it is ${JSON.stringify(value)}`);

  const { reason, expires } = exemption;
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > longestReason)
    throw invalid(`${where}: reason must have 1 to ${longestReason} characters; it is told with each run`);
  if (!(expires instanceof Date) || Number.isNaN(expires.getTime()))
    throw invalid(`${where}: expires must be a valid Date; nobody is exempt for ever`);
  return { kind, value, reason, expires: toInstant(expires) };
};

/**
 * Checks a list of exemptions, from the options or from wherever a function had it. An exemption that has expired is kept:
 * it is reported.
 * @throws RemediationError `EXEMPTION_INVALID`: more or less than one selector, one that would exempt everybody or that no
 * user can have, no reason, no end, an unknown field
 */
export const parseExemptions = (exemptions: readonly Exemption[]): readonly ListedExemption[] => {
  if (!Array.isArray(exemptions)) throw invalid('exemptions must be a list');
  return exemptions.map((exemption, index) => parseOne(exemption, `exemptions[${index}]`));
};

/**
 * Checks the option that lets tags exempt.
 * @throws RemediationError `EXEMPTION_INVALID`
 */
export const parseTagExemption = ({ key, acknowledge }: TagExemption): TagExemption => {
  if (typeof key !== 'string' || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || key.trim() === '')
    throw invalid(`exemptByTag.key must be the key of a tag; it is ${JSON.stringify(key)}`);
  if (acknowledge !== 'whoever-may-tag-users-may-exempt-them')
    throw invalid(`exemptByTag.acknowledge must be 'whoever-may-tag-users-may-exempt-them', for that is what it means`);
  return { key, acknowledge };
};
