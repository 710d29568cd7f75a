import type { EC2Client } from '@aws-sdk/client-ec2';
import { RemediationError, retry } from '@remedykit/core';
import { isClientFault, isThrottled, requestIdOf } from '../../aws/errors.ts';

/** What an EC2 write needs besides its step. */
export interface EntryWriter {
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly networkAclId: string;
  readonly egress: boolean;
  /** Milliseconds after which one request is given up. */
  readonly requestTimeoutMs: number;
  /** Milliseconds until the lease must not be used any more for starting a write. */
  readonly remainingTimeMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly random: () => number;
}

/** How often one request is sent, and how long is waited in between. */
export const patience: { readonly attempts: number; readonly baseMs: number; readonly maxMs: number } = {
  attempts: 4,
  baseMs: 200,
  maxMs: 2_000,
};

/** None succeeded. */
export interface FailedAttempts {
  readonly ok: false;
  readonly requestIds: readonly string[];
  readonly error: unknown;
  readonly ambiguous: boolean;
}

/** What became of one write; `ambiguous`: an attempt that failed may have had its effect all the same. */
export type Attempts = { readonly ok: true; readonly requestIds: readonly string[] } | FailedAttempts;

/** Tries while time is left; remembers whether any attempt may have had an effect although it failed. */
export const attempts = async (
  writer: EntryWriter,
  send: () => Promise<unknown>,
  isRetryable: (error: unknown) => boolean = (error) =>
    isThrottled(error) || !(isClientFault(error) || isOutOfTime(error)),
): Promise<Attempts> => {
  const requestIds: string[] = [];
  let ambiguous = false;
  try {
    await retry(
      async () => {
        if (writer.remainingTimeMs() < writer.requestTimeoutMs) throw outOfTime();
        try {
          noteId(requestIds, await send());
        } catch (error) {
          noteId(requestIds, error);
          if (!isThrottled(error) && !isClientFault(error)) ambiguous = true;
          throw error;
        }
      },
      { ...patience, ...writer, isRetryable },
    );
    return { ok: true, requestIds };
  } catch (error) {
    return { ok: false, requestIds, error, ambiguous };
  }
};

const noteId = (ids: string[], answer: unknown): void => {
  const id = requestIdOf(answer);
  if (id !== undefined) ids.push(id);
};

const outOfTime = (): RemediationError =>
  new RemediationError({
    code: 'OUT_OF_TIME',
    message: 'Too little time is left to write to EC2 within the lease.',
    retryable: true,
  });

/** True for a write that was not begun: too little of the lease was left. */
export const isOutOfTime = (error: unknown): boolean =>
  error instanceof RemediationError && error.code === 'OUT_OF_TIME';
