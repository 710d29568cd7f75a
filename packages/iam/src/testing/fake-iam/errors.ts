import { type AwsError, awsError } from '../aws-error.ts';

// Messages are those of IAM where they are known; nothing should depend on them.

export const noSuchUser = (name: string): AwsError =>
  awsError('NoSuchEntity', `The user with name ${name} cannot be found.`);

export const noSuchGroup = (name: string): AwsError =>
  awsError('NoSuchEntity', `The group with name ${name} cannot be found.`);

export const noSuchPolicy = (arn: string): AwsError =>
  awsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);

export const noSuchLoginProfile = (name: string): AwsError =>
  awsError('NoSuchEntity', `Login Profile for User ${name} cannot be found.`);

export const noSuchThing = (what: string, id: string): AwsError =>
  awsError('NoSuchEntity', `The ${what} with id ${id} cannot be found.`);

export const limitExceeded = (quota: string, limit: number): AwsError =>
  awsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`);

export const alreadyExists = (message: string): AwsError => awsError('EntityAlreadyExists', message);

export const deleteConflict = (what: string): AwsError =>
  awsError('DeleteConflict', `Cannot delete entity, must ${what} first.`);

export const profileNotSettled = (name: string): AwsError =>
  awsError(
    'EntityTemporarilyUnmodifiable',
    `Login Profile for User ${name} cannot be modified while login profile is being created.`,
  );

export const invalidInput = (message: string): AwsError => awsError('InvalidInput', message);

export const validationError = (value: unknown, parameter: string, rule: string): AwsError =>
  awsError(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at '${parameter}' failed to satisfy constraint: ${rule}`,
  );

export const throttled = (): AwsError => awsError('Throttling', 'Rate exceeded');
