import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { RemediationError, summarizeError } from '../errors.ts';
import { invalidOption } from '../options.ts';
import { partitionOf } from '../partition.ts';
import { type Clock, type Duration, minutes, seconds, systemClock } from '../time.ts';

/** One account and Region. */
export interface AccountTarget {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
}

/** Temporary credentials, as the SDK's clients take them. */
export interface AccountCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Gives the credentials for one account and Region; a value for a client's `credentials`. */
export type AccountCredentialsProvider = (target: AccountTarget) => () => Promise<AccountCredentials>;

/** Options of `createAccountCredentials`. */
export interface AccountCredentialsOptions {
  /**
   * The STS client, or a function from target to one. The SDK asks the endpoint of the client's Region, so a client of a
   * Region near the function serves every account of a partition; other partitions need a client of their own.
   */
  readonly sts: Pick<STSClient, 'send'> | ((target: AccountTarget) => Pick<STSClient, 'send'>);
  /** The role in every account; a path stands before its name, `security/remedykit-network`. */
  readonly roleName: string;
  /**
   * What the trust policy of the role asks for (`sts:ExternalId`), 2 to 1,224 characters: so that nobody who may assume
   * roles through another service reaches ours. It is no secret.
   */
  readonly externalId: string;
  /**
   * Session name, 2 to 64 of `A-Za-z0-9_+=,.@-`; it stands in the target account's CloudTrail. Name the function. Default
   * `remedykit`. Not the finding: credentials are shared by all findings of a while, so it would be a lie.
   */
  readonly sessionName?: string;
  /** How long credentials are asked for, ms, 15 minutes to 12 hours; default 1 hour. */
  readonly duration?: Duration;
  readonly now?: Clock;
}

/** Left before they expire, so that no request begun with them fails for it. */
const spareMs = minutes(5);

const isFresh = ({ expiration }: AccountCredentials, now: Date): boolean =>
  expiration.getTime() - now.getTime() > spareMs;

const throttled: ReadonlySet<string> = new Set(['Throttling', 'ThrottlingException', 'RequestLimitExceeded']);

const refused: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'MalformedPolicyDocument',
  'RegionDisabledException',
  'ValidationError',
]);

const assumeError = (roleArn: string, error: unknown): RemediationError => {
  const { code, message } = summarizeError(error);
  const what = `The role ${roleArn} could not be assumed (${code}: ${message}).`;
  if (refused.has(code))
    return new RemediationError({
      code: 'ASSUME_ROLE_DENIED',
      message: `${what} Check that the role exists, that its trust policy names the role of this function and the ExternalId, and that this function may call sts:AssumeRole on it.`,
      cause: error,
    });
  if (throttled.has(code))
    return new RemediationError({ code: 'ASSUME_ROLE_THROTTLED', message: what, retryable: true, cause: error });
  return new RemediationError({ code: 'ASSUME_ROLE_FAILED', message: what, retryable: true, cause: error });
};

const requireText = (name: string, value: string, pattern: RegExp, expected: string): string => {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw invalidOption('createAccountCredentials', `${name} must be ${expected}.`);
};

/**
 * Credentials for the accounts that a function works in: one role of the same name in each, assumed with an ExternalId.
 * They are kept per account until 5 minutes before they expire, requests for the same account at the same time share one
 * call, and a failure is not kept. IAM action: sts:AssumeRole on `arn:{partition}:iam::{account}:role/{roleName}`.
 * @throws RemediationError `OPTION_INVALID`. The provider rejects with `ASSUME_ROLE_DENIED` (trust policy, ExternalId or
 * permission), `ASSUME_ROLE_THROTTLED` and `ASSUME_ROLE_FAILED` (both retryable), and `ACCOUNT_ID_INVALID`
 * @example
 * ```ts
 * import { EC2Client } from '@aws-sdk/client-ec2';
 * import { STSClient } from '@aws-sdk/client-sts';
 * import { createAccountCredentials } from '@remedykit/core/sts';
 *
 * const credentials = createAccountCredentials({ sts: new STSClient(), roleName: 'remedykit-network', externalId: 'o-a1b2c3d4e5' });
 * const ec2 = (target: { accountId: string; region: string }) =>
 *   new EC2Client({ region: target.region, credentials: credentials(target) });
 * ```
 */
export const createAccountCredentials = (options: AccountCredentialsOptions): AccountCredentialsProvider => {
  const { sts, duration = minutes(60), now = systemClock } = options;
  const roleName = requireText(
    'roleName',
    options.roleName,
    /^[\w+=,.@/-]{1,128}$/,
    'the name of a role, with its path',
  );
  const ExternalId = requireText(
    'externalId',
    options.externalId,
    /^[\w+=,.@:/-]{2,1224}$/,
    'what the trust policy asks for',
  );
  const RoleSessionName = requireText(
    'sessionName',
    options.sessionName ?? 'remedykit',
    /^[\w+=,.@-]{2,64}$/,
    '2 to 64 of A-Za-z0-9_+=,.@-',
  );
  if (!(duration >= minutes(15) && duration <= minutes(720)))
    throw invalidOption(
      'createAccountCredentials',
      `duration must be 15 minutes to 12 hours in ms, it is ${duration}.`,
    );
  const clientFor = typeof sts === 'function' ? sts : () => sts;
  const kept = new Map<string, AccountCredentials>();
  const underWay = new Map<string, Promise<AccountCredentials>>();

  const assume = async (target: AccountTarget, RoleArn: string): Promise<AccountCredentials> => {
    const command = new AssumeRoleCommand({
      RoleArn,
      RoleSessionName,
      ExternalId,
      DurationSeconds: Math.floor(duration / seconds(1)),
    });
    const answer = await clientFor(target)
      .send(command)
      .catch((error: unknown) => {
        throw assumeError(RoleArn, error);
      });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw assumeError(RoleArn, new Error('the answer holds no credentials'));
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };

  return (target) => {
    const { accountId, region } = target;
    if (!/^\d{12}$/.test(accountId))
      throw new RemediationError({
        code: 'ACCOUNT_ID_INVALID',
        message: `An account id has 12 digits, this is "${accountId.slice(0, 20)}".`,
      });
    const roleArn = `arn:${partitionOf(region)}:iam::${accountId}:role/${roleName}`;
    return async () => {
      const known = kept.get(roleArn);
      if (known && isFresh(known, now())) return known;
      const waiting = underWay.get(roleArn);
      if (waiting) return waiting;
      const asking = assume(target, roleArn)
        .then((credentials) => {
          kept.set(roleArn, credentials);
          return credentials;
        })
        .finally(() => underWay.delete(roleArn));
      underWay.set(roleArn, asking);
      return asking;
    };
  };
};
