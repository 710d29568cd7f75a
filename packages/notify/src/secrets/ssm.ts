import type { SSMClient } from '@aws-sdk/client-ssm';
import type { SecretSource } from '../delivery/secret.ts';
import { type CachedSecretOptions, createCachedSecret } from './cached-secret.ts';

/** Options of `secretFromSsm`. */
export interface SsmSecretOptions extends CachedSecretOptions {
  readonly client: Pick<SSMClient, 'send'>;
  /** Name or ARN of a SecureString parameter. */
  readonly name: string;
}

/**
 * A secret that is kept in Parameter Store, decrypted. Needs `@aws-sdk/client-ssm`. IAM actions: `ssm:GetParameter`, and
 * `kms:Decrypt` for a key of your own.
 *
 * `read` rejects with `SECRET_UNAVAILABLE`, retryable for throttling and for what AWS did not answer.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { SSMClient } from '@aws-sdk/client-ssm';
 * import { secretFromSsm } from '@remedykit/notify/secrets';
 * const webhookUrl = secretFromSsm({ client: new SSMClient(), name: '/remedykit/slack-webhook' });
 * ```
 */
export const secretFromSsm = (options: SsmSecretOptions): SecretSource => {
  const { client, name } = options;
  const load = async (abortSignal: AbortSignal): Promise<unknown> => {
    // Loaded when needed: this sub-path serves people who have one of the two clients alone.
    const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }), {
      abortSignal,
    });
    return Parameter?.Value;
  };
  return createCachedSecret(name, load, options);
};
