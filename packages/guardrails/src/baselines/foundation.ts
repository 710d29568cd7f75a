import { blockPublicAmis, blockPublicSnapshots, imdsDefaults, serialConsole } from '../declarative/ec2.ts';
import { type FoundationParameters, foundation } from '../templates/foundation.ts';
import { assemble, commonOf, need, type Reasoned } from './assemble.ts';
import type { Baseline, BaselineParameters } from './baseline.ts';
import {
  alternateContacts,
  type Contacts,
  type PasswordPolicyParameters,
  passwordPolicy,
  s3BlockPublicAccess,
} from './settings/account.ts';
import { accessAnalyzer, configRecorder, ebsEncryptionByDefault, guardDutyDetector } from './settings/region.ts';
import type { AccountSetting } from './settings/setting.ts';

/** What `foundationBaseline` takes. */
export type FoundationBaselineParameters = BaselineParameters &
  FoundationParameters & {
    readonly passwords?: PasswordPolicyParameters;
    /** Whom AWS writes to. Left as they are where absent. */
    readonly contacts?: Contacts;
    /** Bucket of the log archive to which AWS Config delivers. Absent: Control Tower records, or somebody else. */
    readonly configBucket?: string;
    /** False where an administrator of the organisation enables the service in its members. Default: true. */
    readonly guardDuty?: boolean;
    /** False where an analyzer of the organisation exists. Default: true. */
    readonly accessAnalyzer?: boolean;
  };

/** Why each guardrail is in the set. */
const reasons: Readonly<Record<string, string>> = {
  denyLeaveOrganization: 'An account that leaves is bound by nothing of this set.',
  protectCloudTrail: 'What is not recorded cannot be found, nor proved.',
  protectConfig: 'Detective rules see nothing without the recorder.',
  protectGuardDuty: 'Remediation begins with its findings.',
  protectSecurityHub: 'Findings of all services are collected there.',
  protectAccessAnalyzer: 'It finds what is shared with strangers.',
  denyRootUser: 'IAM cannot bind the root user of an account; the organisation can.',
  denyRootAccessKeys: 'A key of root is the whole account, for ever.',
  protectRoles: 'Whoever changes the roles of the landing zone has its rights.',
  protectAutomationResources: 'Those who are remediated must not switch the remediation off.',
  protectLogArchive: 'Records that can be deleted are no records.',
  protectControlTags: 'Tags steer who is exempt; nobody exempts himself.',
  restrictRegions: 'Where nobody looks, nothing runs.',
};

/**
 * What every account has, from the first day: attach it to the root, or under Control Tower to each top unit. Thirteen service
 * control policies packed into one, one declarative policy, and the settings that account vending makes.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 * @example
 * ```ts
 * import { foundationBaseline, packPolicies, packTable, toCloudFormation } from '@remedykit/guardrails';
 *
 * const set = foundationBaseline({ allowedRegions: ['eu-west-1', 'eu-central-1'] });
 * const policies = packPolicies(set.guardrails);
 * console.error(packTable(policies.report));
 * const resources = toCloudFormation(policies, { ...set, targetIds: ['r-ab12'] });
 * for (const { name, reason } of set.members) console.log(name, reason);
 * ```
 */
export const foundationBaseline = (parameters: FoundationBaselineParameters): Baseline => {
  const allowedRegions = need('foundation', 'allowedRegions', parameters.allowedRegions);
  const { trails, roleArns, resourceArns, bucketArns, exemptAssumeRoot, contacts, configBucket } = parameters;
  const guardrails = foundation({
    ...commonOf(parameters),
    allowedRegions,
    ...(trails === undefined ? {} : { trails }),
    ...(roleArns === undefined ? {} : { roleArns }),
    ...(resourceArns === undefined ? {} : { resourceArns }),
    ...(bucketArns === undefined ? {} : { bucketArns }),
    ...(exemptAssumeRoot === undefined ? {} : { exemptAssumeRoot }),
  });
  const settings: readonly Reasoned<AccountSetting>[] = [
    [s3BlockPublicAccess(), 'No bucket becomes public by a mistake in its own policy.'],
    [passwordPolicy(parameters.passwords), 'The users that are left have passwords that cannot be guessed.'],
    [ebsEncryptionByDefault(), 'Volumes are encrypted although nobody thought of it.'],
    ...(parameters.accessAnalyzer === false
      ? []
      : [[accessAnalyzer(), 'What is shared with strangers is found.'] as const]),
    ...(parameters.guardDuty === false ? [] : [[guardDutyDetector(), 'Attacks are seen within minutes.'] as const]),
    ...(configBucket === undefined
      ? []
      : [[configRecorder(configBucket), 'Detective rules need a record of the configuration.'] as const]),
    ...(contacts === undefined
      ? []
      : [[alternateContacts(contacts), 'AWS’s warnings reach people who act on them.'] as const]),
  ];
  return assemble('foundation', parameters, {
    guardrails: guardrails.map((guardrail) => [guardrail, reasons[guardrail.id] ?? '']),
    declarative: [
      [blockPublicSnapshots(), 'A disk that is everybody’s is a leak.'],
      [blockPublicAmis(), 'An image that is everybody’s may hold secrets.'],
      [serialConsole(), 'It is a way into instances past every network.'],
      [imdsDefaults(), 'New instances ask for a session token: a forged request gets no credentials.'],
    ],
    settings,
    ofControls: { allowedRegions, ...(exemptAssumeRoot === undefined ? {} : { exemptAssumeRoot }) },
  });
};
