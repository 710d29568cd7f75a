export type { Secret, SecretSource } from '../delivery/secret.ts';
export type { CachedSecretOptions } from './cached-secret.ts';
export { type SecretsManagerSecretOptions, secretFromSecretsManager } from './secrets-manager.ts';
export { type SsmSecretOptions, secretFromSsm } from './ssm.ts';
