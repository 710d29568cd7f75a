import type { PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import { type Attempt, unavailable } from '../delivery/attempt.ts';
import { attemptOfAwsError } from '../delivery/aws-error.ts';
import type { Send } from '../delivery/deliver.ts';

/** What SNS answers with HTTP 400 although only time helps. */
const failedBefore: ReadonlySet<string> = new Set(['KMSThrottlingException', 'KMSThrottling']);

const attemptOfError = (error: unknown): Attempt =>
  error instanceof Error && failedBefore.has(error.name) ? unavailable(error.name, false) : attemptOfAwsError(error);

/** Publishes once; retries of the client itself are within it. */
export const publishOnce =
  (client: Pick<SNSClient, 'send'>, input: PublishCommandInput): Send =>
  async ({ signal }) => {
    try {
      const { MessageId } = await client.send(new PublishCommand(input), { abortSignal: signal });
      return { result: 'delivered', ...(MessageId === undefined ? {} : { messageId: MessageId }) };
    } catch (error) {
      return attemptOfError(error);
    }
  };
