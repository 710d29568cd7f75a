import { validationError } from './errors.ts';
import type { Tag } from './state.ts';

const must = (parameter: string, value: string, pattern: RegExp, most: number, least = 1): string => {
  if (value.length < least) {
    throw validationError(value, parameter, `Member must have length greater than or equal to ${least}`);
  }
  if (value.length > most) {
    throw validationError(value, parameter, `Member must have length less than or equal to ${most}`);
  }
  if (!pattern.test(value)) {
    throw validationError(value, parameter, `Member must satisfy regular expression pattern: ${pattern.source}`);
  }
  return value;
};

/** A parameter that the operation requires. */
export const required = <T>(value: T | undefined, parameter: string): T => {
  if (value === undefined) throw validationError(null, parameter, 'Member must not be null');
  return value;
};

const namePattern = /^[\w+=,.@-]+$/;

/** The name of a user to be made; 64 characters at most. */
export const newUserName = (name: string | undefined): string =>
  must('userName', required(name, 'userName'), namePattern, 64);

/** The name of a group, a policy or an inline policy; 128 characters at most. */
export const entityName = (name: string | undefined, parameter: string): string =>
  must(parameter, required(name, parameter), namePattern, 128);

/**
 * The user whom a request names; 128 characters at most. Where the operation lets it out, IAM takes the caller, and the
 * fake has none.
 */
export const userName = (name: string | undefined, whenLeftOut: 'refused' | 'caller'): string => {
  if (name === undefined && whenLeftOut === 'caller') {
    throw new Error('The fake iam has no caller whom a request without UserName could mean: name the user.');
  }
  return entityName(name, 'userName');
};

/** `/` or `/…/`. */
export const path = (given: string | undefined): string =>
  must('path', given ?? '/', /^(\/|\/[\u0021-\u007e]+\/)$/, 512);

export const pathPrefix = (given: string | undefined): string =>
  must('pathPrefix', given ?? '/', /^\/[\u0021-\u007f]*$/, 512);

export const arn = (given: string | undefined, parameter: string): string =>
  must(parameter, required(given, parameter), /^/, 2048, 20);

export const accessKeyId = (given: string | undefined): string =>
  must('accessKeyId', required(given, 'accessKeyId'), /^\w+$/, 128, 16);

/** `Active` or `Inactive`; IAM alone sets `Expired`. */
export const isActive = (status: string | undefined): boolean => {
  const given = required(status, 'status');
  if (given === 'Active' || given === 'Inactive') return given === 'Active';
  throw validationError(given, 'status', 'Member must satisfy enum value set: [Active, Inactive]');
};

const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tag = ({ Key, Value }: { Key?: string | undefined; Value?: string | undefined }): Tag => ({
  Key: must('tags.1.member.key', required(Key, 'tags.1.member.key'), tagCharacters, 128),
  Value: must('tags.1.member.value', required(Value, 'tags.1.member.value'), tagCharacters, 256, 0),
});
