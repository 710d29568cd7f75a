import { RemediationError } from '@remedykit/core';

/** A statement of an identity policy. */
export interface IdentityStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An identity policy. */
export interface IdentityPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly IdentityStatement[];
}

/** A customer-managed policy that the deployment creates and the enforcer attaches and detaches. */
export interface MfaPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly description: string;
  readonly document: IdentityPolicy;
}

/** The two policies of one account. */
export interface MfaPolicies {
  /** Denies all but enrolling an MFA device, until a sign-in with one. */
  readonly enrolment: MfaPolicy;
  /** Denies every session, until a person has looked. */
  readonly hold: MfaPolicy;
}

/** Where the policies are. */
export interface MfaPoliciesOptions {
  readonly accountId: string;
  /** Default `aws`. */
  readonly partition?: string;
}

// `Bool` and not `BoolIfExists`: long-term keys lack the key, and a workload must not stop because a person has no MFA.
// Calls that a service makes for a session or a key carry `false` whoever began them, hence the second key.
const withoutMfa = { Bool: { 'aws:MultiFactorAuthPresent': 'false', 'aws:ViaAWSService': 'false' } };

const enrolOwnDevice = [
  'iam:EnableMFADevice',
  'iam:ResyncMFADevice',
  'iam:ListMFADevices',
  'iam:GetMFADevice',
  'iam:GetUser',
];

const enrolmentDocument = (account: string): IdentityPolicy => {
  // No variable holds the path; names are unique in the account and have no slash.
  const themselves = [`${account}:user/\${aws:username}`, `${account}:user/*/\${aws:username}`];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DenyAllButEnrolmentWithoutMfa',
        Effect: 'Deny',
        NotAction: [
          'iam:CreateVirtualMFADevice',
          ...enrolOwnDevice,
          'iam:ListVirtualMFADevices',
          // A password that is temporary or expired must be changed before anything else.
          'iam:ChangePassword',
          'iam:GetAccountPasswordPolicy',
        ],
        Resource: ['*'],
        Condition: withoutMfa,
      },
      // What NotAction leaves open it does not grant. Whoever holds a long-term key cannot use these grants: the key lacks
      // the first condition key, and calls that a service forwards for it fail the second.
      {
        Sid: 'CreateDevice',
        Effect: 'Allow',
        Action: ['iam:CreateVirtualMFADevice'],
        Resource: [`${account}:mfa/*`],
        Condition: withoutMfa,
      },
      {
        Sid: 'EnrolOwnDevice',
        Effect: 'Allow',
        Action: enrolOwnDevice,
        Resource: themselves,
        Condition: withoutMfa,
      },
      {
        Sid: 'ListDevices',
        Effect: 'Allow',
        Action: ['iam:ListVirtualMFADevices'],
        Resource: ['*'],
        Condition: withoutMfa,
      },
      // Without condition: it needs the old password, and a forced reset may come later.
      { Sid: 'ChangeOwnPassword', Effect: 'Allow', Action: ['iam:ChangePassword'], Resource: themselves },
      { Sid: 'ReadPasswordPolicy', Effect: 'Allow', Action: ['iam:GetAccountPasswordPolicy'], Resource: ['*'] },
    ],
  };
};

const holdDocument: IdentityPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'DenyEverySession',
      Effect: 'Deny',
      Action: ['*'],
      Resource: ['*'],
      // Sessions have an issue time, long-term keys have none.
      Condition: { Null: { 'aws:TokenIssueTime': 'false' }, Bool: { 'aws:ViaAWSService': 'false' } },
    },
  ],
};

const path = '/remedykit/';

/**
 * The two customer-managed policies by which console access without MFA is denied, as data. The deployment creates them in
 * every account; the enforcer attaches and detaches them, and may neither write nor replace them.
 *
 * `enrolment` is reversible and heals itself: it denies console sessions without MFA, leaves enrolling a device open and
 * grants it, and denies nothing after a sign-in with the device. Long-term keys go on; credentials from `GetSessionToken`
 * without MFA are denied as well. `hold` denies every session and no long-term key.
 *
 * Source: IAM user guide, "Allows MFA-authenticated IAM users to manage their own MFA device", "Global condition keys".
 * @throws RemediationError `IAM_OPTION_INVALID` for an account that is not 12 digits, or what is no partition
 * @example
 * ```ts
 * import { mfaPolicies } from '@remedykit/iam';
 * for (const { name, path, document } of Object.values(mfaPolicies({ accountId: '111122223333' })))
 *   console.log(`${path}${name}`, JSON.stringify(document));
 * ```
 */
export const mfaPolicies = ({ accountId, partition = 'aws' }: MfaPoliciesOptions): MfaPolicies => {
  if (!/^\d{12}$/.test(accountId) || !/^aws(-[a-z]+)*$/.test(partition))
    throw new RemediationError({
      code: 'IAM_OPTION_INVALID',
      message: `mfaPolicies: accountId must be 12 digits and partition a name like aws or aws-us-gov; they were ${JSON.stringify({ accountId, partition })}.`,
    });
  const account = `arn:${partition}:iam::${accountId}`;
  const policy = (name: string, description: string, document: IdentityPolicy): MfaPolicy => ({
    name,
    path,
    arn: `${account}:policy${path}${name}`,
    description,
    document,
  });
  return {
    enrolment: policy(
      'mfa-enrolment',
      'Console access without MFA is denied, except to enrol a device; attached and detached by remedykit.',
      enrolmentDocument(account),
    ),
    hold: policy(
      'mfa-hold',
      'Every session is denied until a person has looked; attached and detached by remedykit.',
      holdDocument,
    ),
  };
};
