import { RemediationError } from '@remedykit/core';
import { allow, checkArn, checkKeyArn, type PolicyDocument } from '../permissions/policy.ts';

/** Which secrets are read. */
export interface SecretPermissionOptions {
  /**
   * Of Secrets Manager: `arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six characters>`; `??????` for the six
   * where they are not known.
   */
  readonly secretArns?: readonly string[];
  /** Of Systems Manager: `arn:aws:ssm:<region>:<account>:parameter/<name>`. */
  readonly parameterArns?: readonly string[];
  /** The customer-managed keys that they are encrypted with; none for the keys of AWS. */
  readonly keyArns?: readonly string[];
}

const where = 'secretPermissions';

/**
 * The IAM policy that the clients of `secretFromSecretsManager` and `secretFromSsm` need: these actions and no others.
 * Source: service authorization reference, Secrets Manager and Systems Manager.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { secretPermissions } from '@remedykit/notify/secrets';
 * const policy = secretPermissions({
 *   secretArns: ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:remedykit/slack-??????'],
 * });
 * ```
 */
export const secretPermissions = (options: SecretPermissionOptions): PolicyDocument => {
  const { secretArns = [], parameterArns = [], keyArns = [] } = options;
  if (secretArns.length + parameterArns.length === 0)
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `${where}: name at least one secret or parameter.`,
    });
  return {
    Version: '2012-10-17',
    Statement: [
      ...allow(
        'ReadSecrets',
        ['secretsmanager:GetSecretValue'],
        secretArns.map((arn) => checkArn(where, 'secretArns', arn, 'secretsmanager', 'secret')),
      ),
      ...allow(
        'ReadParameters',
        ['ssm:GetParameter'],
        parameterArns.map((arn) => checkArn(where, 'parameterArns', arn, 'ssm', 'parameter')),
      ),
      ...allow(
        'DecryptSecrets',
        ['kms:Decrypt'],
        keyArns.map((arn) => checkKeyArn(where, arn)),
      ),
    ],
  };
};
