import { RemediationError } from '@remedykit/core';

/** One statement of an IAM policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** A statement; one without resources grants nothing, and is none. */
export const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
): readonly PolicyStatement[] => (Resource.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource }]);

/**
 * Checks an ARN: a wildcard in it would grant what nobody listed. The six `?` that stand for what Secrets Manager puts
 * behind a name are none.
 * @throws RemediationError `OPTION_INVALID`
 */
export const checkArn = (where: string, option: string, arn: string, service: string, resource: string): string => {
  const rest = arn.replace(/-\?{6}$/, '');
  const found = /^arn:aws[a-z-]*:([a-z]+):[a-z0-9-]+:\d{12}:([a-z-]+)[/:]\S+$/.exec(rest);
  if (found?.[1] === service && found[2] === resource && !/[*?]/.test(rest)) return arn;
  throw new RemediationError({
    code: 'OPTION_INVALID',
    message: `${where}: ${option} must be arn:aws:${service}:<region>:<account>:${resource}…, without wildcards; it was ${JSON.stringify(arn)}.`,
  });
};

/** Checks the ARN of a KMS key. */
export const checkKeyArn = (where: string, arn: string): string => checkArn(where, 'keyArn', arn, 'kms', 'key');
