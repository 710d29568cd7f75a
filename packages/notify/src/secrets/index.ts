export type { Secret, SecretSource } from '../delivery/secret.ts';
export type { PolicyDocument, PolicyStatement } from '../permissions/policy.ts';
export type { CachedSecretOptions } from './cached-secret.ts';
export { type SecretPermissionOptions, secretPermissions } from './permissions.ts';
export { type SecretsManagerSecretOptions, secretFromSecretsManager } from './secrets-manager.ts';
export { type SsmSecretOptions, secretFromSsm } from './ssm.ts';
