import type { GetAccountCommandOutput, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import { RemediationError } from '@remedykit/core';
import { attemptOfAwsError } from '../delivery/aws-error.ts';
import { sesLimits } from './limits.ts';

/** What the SES account of a Region may do. */
export interface SesAccount {
  /** True: only verified addresses can be written to, 200 mails a day, one a second. */
  readonly sandbox: boolean;
  readonly sendingEnabled: boolean;
  /** Mails a second; recipients count. */
  readonly ratePerSecond: number;
  /** Mails a day; -1: any number. */
  readonly maxPerDay: number;
  /** Mails in the last 24 hours. */
  readonly sentPerDay: number;
}

/** The account from what SES says; what it does not say counts as the least. */
export const toSesAccount = (output: Partial<GetAccountCommandOutput>): SesAccount => {
  const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus, SendQuota = {} } = output;
  const rate = SendQuota.MaxSendRate ?? 0;
  return {
    sandbox: ProductionAccessEnabled !== true,
    sendingEnabled: SendingEnabled === true && EnforcementStatus !== 'SHUTDOWN',
    ratePerSecond: rate > 0 ? rate : sesLimits.sandboxRate,
    maxPerDay: SendQuota.Max24HourSend ?? 0,
    sentPerDay: SendQuota.SentLast24Hours ?? 0,
  };
};

const failure = (code: string, message: string, retryable = false): RemediationError =>
  new RemediationError({ code, message: `SES preflight: ${message}`, retryable });

/** Why mails of this account would not reach people, as an error to throw; `undefined` where they would. */
export const faultOfAccount = (account: SesAccount, allowSandbox: boolean): RemediationError | undefined => {
  const { sandbox, sendingEnabled, maxPerDay, sentPerDay } = account;
  if (!sendingEnabled)
    return failure(
      'SES_SENDING_PAUSED',
      'sending is switched off for this account and Region. Look at Account dashboard in the SES console, then switch it on.',
    );
  if (sandbox && !allowSandbox)
    return failure(
      'SES_SANDBOX',
      'the account is in the sandbox of this Region, where only verified addresses get mail. Request production access in the SES console, or set allowSandbox for a trial.',
    );
  if (maxPerDay === 0)
    return failure('SES_QUOTA_NONE', 'the daily quota is 0. Request a sending quota in the SES console.');
  if (maxPerDay !== -1 && sentPerDay >= maxPerDay)
    return failure(
      'SES_QUOTA_EXHAUSTED',
      `${sentPerDay} of ${maxPerDay} mails of the last 24 hours are used. Wait, or request a higher sending quota.`,
      true,
    );
  return undefined;
};

/**
 * Reads the account. IAM: `ses:GetAccount`.
 * @throws RemediationError `SES_ACCOUNT_UNREADABLE`, retryable by its cause
 */
export const gatherSesAccount = async (
  client: Pick<SESv2Client, 'send'>,
  abortSignal: AbortSignal,
): Promise<SesAccount> => {
  try {
    return toSesAccount(await client.send(new GetAccountCommand({}), { abortSignal }));
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    throw failure(
      'SES_ACCOUNT_UNREADABLE',
      `GetAccount failed with ${name}. Check that the role has ses:GetAccount, and that SES is there in this Region.`,
      attemptOfAwsError(error).result === 'unavailable',
    );
  }
};
