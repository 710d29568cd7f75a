import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretSource } from '../delivery/secret.ts';
import { type CachedSecretOptions, createCachedSecret } from './cached-secret.ts';

/** Options of `secretFromSecretsManager`. */
export interface SecretsManagerSecretOptions extends CachedSecretOptions {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  /** Name or ARN. */
  readonly secretId: string;
}

/**
 * A secret that is kept in Secrets Manager: always the current version. Needs `@aws-sdk/client-secrets-manager`. IAM
 * actions: `secretsmanager:GetSecretValue`, and `kms:Decrypt` for a key of your own.
 *
 * `read` rejects with `SECRET_UNAVAILABLE`, retryable for throttling and for what AWS did not answer.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
 * import { secretFromSecretsManager } from '@remedykit/notify/secrets';
 * import { createSlackNotifier } from '@remedykit/notify/slack';
 * const webhookUrl = secretFromSecretsManager({ client: new SecretsManagerClient(), secretId: 'remedykit/slack' });
 * const slack = createSlackNotifier({ webhookUrl });
 * ```
 */
export const secretFromSecretsManager = (options: SecretsManagerSecretOptions): SecretSource => {
  const { client, secretId } = options;
  const load = async (abortSignal: AbortSignal): Promise<unknown> => {
    // Loaded when needed: this sub-path serves people who have one of the two clients alone.
    const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal });
    return SecretString;
  };
  return createCachedSecret(secretId, load, options);
};
