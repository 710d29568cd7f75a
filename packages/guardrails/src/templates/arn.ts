import { invalidParameter } from './invalid.ts';
import type { Partition } from './names.ts';
import { literal, resolved } from './placeholder.ts';

declare const checked: unique symbol;

/** An ARN that was checked, perhaps with wildcards. */
export type Arn = string & { readonly [checked]: 'arn' };

/** The fields of an ARN. */
export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Takes an ARN apart; what is none has empty fields. A variable in the account, `${aws:PrincipalAccount}`, is one field. */
export const arnParts = (arn: string): ArnParts => {
  const form = /^arn:([^:]*):([^:]*):([^:]*):(\$\{[^}]*\}|[^:]*):(.*)$/s;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = form.exec(arn) ?? [];
  return { partition, service, region, account, resource };
};

/** True when a wildcard stands anywhere in it. */
export const hasWildcard = (text: string): boolean => /[*?]/.test(text.replace(/\$\{[*?$]\}/g, ''));

/** What an ARN must be. */
export interface ArnRules {
  readonly partition: Partition;
  /** The services it may belong to; any by default. */
  readonly services?: readonly string[];
  /** No wildcards and no policy variables. */
  readonly exact?: boolean;
}

const isAccount = (text: string): boolean => /^(?:\d{12}|[\d*?]*[*?][\d*?]*|)$/.test(text) || text.startsWith('${');

/**
 * Reads an ARN of a partition. Wildcards are allowed in Region, account and resource; partition and service are spelled out.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const parseArn = (where: string, text: string, { partition, services, exact = false }: ArnRules): Arn => {
  const check = exact ? literal : resolved;
  const parts = arnParts(check(where, text));
  if (parts.service === '' || parts.resource === '' || hasWildcard(parts.service) || !isAccount(parts.account))
    throw invalidParameter(where, `"${text}" is no ARN, as "arn:${partition}:iam::111122223333:role/Admin" is.`);
  if (parts.partition !== partition)
    throw invalidParameter(where, `"${text}" is not of the partition ${partition}. Say which with "partition".`);
  if (services !== undefined && !services.includes(parts.service))
    throw invalidParameter(where, `"${text}" must be an ARN of ${services.join(' or ')}.`);
  if (exact && hasWildcard(text))
    throw invalidParameter(where, `"${text}" holds a wildcard: give exact ARNs, one by one.`);
  return text as Arn;
};
