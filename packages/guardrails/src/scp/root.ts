import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { principalOf } from '../templates/cases.ts';
import { type PolicyTemplate, stagedRollout, straightRollout } from '../templates/catalog-entry.ts';
import { caseAccount } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';

/** What `denyRootUser` takes. */
export interface RootUserParameters extends CommonParameters {
  /** Leaves the short root sessions alone that the management account opens with `sts:AssumeRoot`. Control Tower: ExemptAssumeRoot. */
  readonly exemptAssumeRoot?: boolean;
}

const isRoot = (arn: string): boolean => arn.endsWith(':root');

/** A root user that no exemption names. */
const rootOf = (partition: string, exempted: readonly string[]): string =>
  [caseAccount, '444455556666', '777788889999']
    .map((account) => `arn:${partition}:iam::${account}:root`)
    .find((arn) => !exempted.includes(arn)) ?? `arn:${partition}:iam::121212121212:root`;

/**
 * Denies everything to root users of member accounts. Only exemptions of root users (`arn:aws:iam::111122223333:root`) are
 * written down: those of roles and users mean nothing here.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const denyRootUser = (parameters: RootUserParameters = {}): Guardrail => {
  const scope = templateScope('denyRootUser', parameters);
  const { partition, exempt } = scope;
  const { exemptAssumeRoot = false } = parameters;
  const root = principalOf(rootOf(partition, exempt.principals));
  const session = exemptAssumeRoot ? { 'aws:AssumedRoot': 'false' } : {};
  const denied = { action: 's3:ListAllMyBuckets', principal: root, context: session } as const;
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'DenyRoot',
        action: ['*'],
        condition: {
          ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::*:root` },
          ...(exemptAssumeRoot ? { BoolIfExists: { 'aws:AssumedRoot': 'false' } } : {}),
        },
        exempts: isRoot,
        denied: [denied],
        nearMisses: [
          { principal: principalOf(root.arn.replace(/root$/, 'role/Admin')) },
          ...(exemptAssumeRoot ? [{ context: { 'aws:AssumedRoot': 'true' } }] : []),
        ],
      },
    ],
    allowed: [{ ...denied, principal: principalOf(root.arn.replace(/root$/, 'user/dana')) }],
  });
};

/** Denies root users of member accounts to make access keys. */
export const denyRootAccessKeys = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('denyRootAccessKeys', parameters);
  const { partition, exempt } = scope;
  const root = principalOf(rootOf(partition, exempt.principals));
  const user = principalOf(root.arn.replace(/root$/, 'user/dana'));
  const denied = { action: 'iam:CreateAccessKey', resource: user.arn, principal: root } as const;
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'DenyRootKeys',
        action: ['iam:CreateAccessKey'],
        condition: { ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::*:root` } },
        exempts: isRoot,
        denied: [denied],
        nearMisses: [
          { action: 'iam:DeleteAccessKey' },
          { principal: principalOf(root.arn.replace(/root$/, 'role/Admin')) },
        ],
      },
    ],
    allowed: [{ ...denied, principal: user }],
  });
};

/** Words on the templates of this file. */
export const rootTemplates: readonly PolicyTemplate[] = [
  {
    name: 'denyRootUser',
    family: 'root',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'The root user cannot be limited by IAM; nobody should work as root.',
    breaks:
      'The few tasks that only root can do (unlocking a bucket policy): use central root sessions and exemptAssumeRoot.',
    bypasses: 'The management account’s root is not bound: lock its credentials away.',
    rollout: stagedRollout,
    controls: [{ name: 'AWS-GR_RESTRICT_ROOT_USER', id: '5kvme4m5d2b4d7if2fs5yg2ui' }],
    example: (common) => denyRootUser({ ...common, exemptAssumeRoot: true }),
  },
  {
    name: 'denyRootAccessKeys',
    family: 'root',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Keys of the root user never expire and can do everything.',
    breaks: 'Nothing that is still recommended.',
    bypasses: 'Keys that exist already go on working: find them in the credential report.',
    rollout: straightRollout,
    controls: [{ name: 'AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS', id: '8ui9y3oace2513xarz8aqojl7' }],
    example: denyRootAccessKeys,
  },
];
