import type { AccessRequest } from '../policy/request.ts';
import type { Lookup } from './pattern.ts';

/** The condition keys of a request, lower case, each with its values. */
export type RequestKeys = ReadonlyMap<string, string | readonly string[]>;

/** `aws:PrincipalArn` of a session is the role's ARN; its path is not in the session's. */
const principalArn = (arn: string): string =>
  arn.replace(/^(arn:[^:]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/, '$1:iam::$2:role/$3');

/**
 * The condition keys as AWS would send them: those of the request, and what follows from its principal
 * (`aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalIsAWSService`, `aws:PrincipalServiceName`) unless given.
 */
export const requestContext = ({
  principal,
  context,
}: AccessRequest): Readonly<Record<string, string | readonly string[]>> => {
  const derived: Readonly<Record<string, string>> =
    principal.service === undefined
      ? {
          'aws:PrincipalArn': principalArn(principal.arn),
          'aws:PrincipalAccount': principal.accountId,
          'aws:PrincipalIsAWSService': 'false',
        }
      : { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal.service };
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  return {
    ...Object.fromEntries(Object.entries(derived).filter(([key]) => !given.has(key.toLowerCase()))),
    // An empty list is a key without a value, which is to say none.
    ...Object.fromEntries(Object.entries(context).filter(([, value]) => value.length > 0 || value === '')),
  };
};

/** The keys of a request, ready to look up. */
export const requestKeys = (request: AccessRequest): RequestKeys =>
  new Map(Object.entries(requestContext(request)).map(([key, value]) => [key.toLowerCase(), value]));

/** Looks up policy variables: single values alone, for a list has no place in a text. */
export const variablesOf =
  (keys: RequestKeys): Lookup =>
  (key) => {
    const value = keys.get(key.toLowerCase());
    return typeof value === 'string' ? value : undefined;
  };
