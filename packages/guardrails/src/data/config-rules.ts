import type { Dated } from './dated.ts';

/** A managed rule of AWS Config. */
export interface ManagedRule {
  /** When it runs: on changes of these resource types, or every so often. */
  readonly trigger: { readonly resourceTypes: readonly string[] } | 'periodic';
  /** Parameters and what may stand there. */
  readonly parameters: Readonly<Record<string, RegExp>>;
}

const port = /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/;

/** The managed rules that the detective templates use, by identifier. */
export const managedRules: Dated<Readonly<Record<string, ManagedRule>>> = {
  version: 1,
  asOf: '2026-11-24',
  source: 'AWS Config developer guide, list of managed rules',
  data: {
    INCOMING_SSH_DISABLED: { trigger: { resourceTypes: ['AWS::EC2::SecurityGroup'] }, parameters: {} },
    RESTRICTED_INCOMING_TRAFFIC: {
      trigger: { resourceTypes: ['AWS::EC2::SecurityGroup'] },
      parameters: {
        blockedPort1: port,
        blockedPort2: port,
        blockedPort3: port,
        blockedPort4: port,
        blockedPort5: port,
      },
    },
    MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS: { trigger: 'periodic', parameters: {} },
    ACCESS_KEYS_ROTATED: { trigger: 'periodic', parameters: { maxAccessKeyAge: /^[1-9]\d{0,3}$/ } },
    S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC: { trigger: 'periodic', parameters: {} },
    S3_BUCKET_PUBLIC_READ_PROHIBITED: { trigger: { resourceTypes: ['AWS::S3::Bucket'] }, parameters: {} },
    S3_BUCKET_PUBLIC_WRITE_PROHIBITED: { trigger: { resourceTypes: ['AWS::S3::Bucket'] }, parameters: {} },
  },
};
