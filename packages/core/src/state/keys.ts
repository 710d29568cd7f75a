import { RemediationError } from '../errors.ts';
import { invalidOption } from '../options.ts';

/** The longest key, in bytes: DynamoDB's limit for a sort key. */
const maxKeyBytes = 1024;

const printable = /^[\x20-\x7e]*$/;

const invalid = (kind: string, key: string, rule: string): RemediationError =>
  new RemediationError({
    code: 'STATE_KEY_INVALID',
    message: `The ${kind} ${JSON.stringify(key.slice(0, 200))} ${rule}.`,
  });

const checkCharacters = (kind: string, key: string): void => {
  if (!printable.test(key)) throw invalid(kind, key, 'holds something else than printable ASCII');
  if (key.length > maxKeyBytes) throw invalid(kind, key, `is longer than ${maxKeyBytes} bytes`);
};

/** A key in its two parts: the first segment, which a listing needs, and the rest. */
export interface KeyParts {
  readonly first: string;
  readonly rest: string;
}

const split = (key: string): KeyParts => {
  const slash = key.indexOf('/');
  return { first: key.slice(0, slash), rest: key.slice(slash + 1) };
};

/**
 * Checks a key: at least two non-empty segments between slashes, printable ASCII, at most 1,024 bytes.
 * @throws RemediationError `STATE_KEY_INVALID`
 */
export const parseKey = (key: string): KeyParts => {
  checkCharacters('key', key);
  const segments = key.split('/');
  if (segments.length < 2 || segments.includes(''))
    throw invalid('key', key, 'needs at least two segments, none of them empty, as in nacl/111122223333');
  return split(key);
};

/**
 * Checks the prefix of a listing: the first segment and its slash, and whatever keys may go on with.
 * @throws RemediationError `STATE_KEY_INVALID`
 */
export const parsePrefix = (prefix: string): KeyParts => {
  checkCharacters('prefix', prefix);
  const { first, rest } = split(prefix);
  if (!prefix.includes('/') || first === '' || rest.startsWith('/') || rest.includes('//'))
    throw invalid('prefix', prefix, 'needs a first segment and its slash, as in nacl/');
  return { first, rest };
};

/** The token with which a listing goes on after `key`. */
export const encodeToken = (key: string): string => Buffer.from(key).toString('base64url');

/**
 * The key after which a listing of `prefix` goes on.
 * @throws RemediationError `OPTION_INVALID` when the token is not one of this listing
 */
export const decodeToken = (prefix: string, token: string): string => {
  const key = Buffer.from(token, 'base64url').toString();
  if (key.startsWith(prefix) && encodeToken(key) === token && printable.test(key)) return key;
  throw invalidOption('list', `token is none that a listing of ${JSON.stringify(prefix)} gave.`);
};
