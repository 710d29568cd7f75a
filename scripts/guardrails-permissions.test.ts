import { dynamoDbPermissions } from '@remedykit/core/dynamodb';
import { blockerPermissions } from '@remedykit/guardduty';
import { enforcerPermissions } from '@remedykit/iam';
import { chatbotPermissions } from '@remedykit/notify/chatbot';
import { secretPermissions } from '@remedykit/notify/secrets';
import { sesPermissions } from '@remedykit/notify/ses';
import { snsPermissions } from '@remedykit/notify/sns';
import { describe, expect, it } from 'vitest';
import { evaluateDocument } from '../packages/guardrails/src/evaluate/document.ts';
import { type AccessRequest, type Guardrail, mfaEnrolment } from '../packages/guardrails/src/index.ts';
import { policyTemplates } from '../packages/guardrails/src/templates/catalog.ts';
import { exampleOf } from '../packages/guardrails/src/templates/glob.ts';

const account = '111122223333';
const region = 'eu-west-1';
const role = `arn:aws:iam::${account}:role/remedykit-blocker`;
const user = `arn:aws:iam::${account}:user/dana`;

const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;
const tableArn = arn('dynamodb', 'table/remedykit');
const topicArn = arn('sns', 'remedykit-alerts');
const keyArn = arn('kms', 'key/0a11ce00-0000-4000-8000-000000000001');

const age = { warnAtDays: [80, 85, 89], deactivateAtDays: 90 };

const policies: readonly {
  readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: readonly string[] }[];
}[] = [
  blockerPermissions({ accounts: [account], regions: [region] }),
  enforcerPermissions({
    accounts: [account],
    mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report' },
    accessKeys: age,
    serviceSpecificCredentials: age,
    signingCertificates: age,
    sshKeys: age,
  }),
  enforcerPermissions({ accounts: [account], mfa: { action: 'delete-login-profile', graceDays: 14 } }),
  snsPermissions({ topicArn, keyArn }),
  chatbotPermissions({ topicArn, keyArn }),
  sesPermissions({
    identityArn: arn('ses', 'identity/example.com'),
    configurationSetArn: arn('ses', 'configuration-set/remedykit'),
  }),
  secretPermissions({
    secretArns: [arn('secretsmanager', 'secret:remedykit/slack-??????')],
    parameterArns: [arn('ssm', 'parameter/remedykit/teams')],
    keyArns: [keyArn],
  }),
];

/** What the packages say that they need, as pairs of action and resource. */
const needed: readonly (readonly [action: string, resource: string])[] = [
  ...policies.flatMap(({ Statement }) =>
    Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => [action, resource] as const)),
    ),
  ),
  ...dynamoDbPermissions({ tableArn }).actions.map((action) => [action, tableArn] as const),
  // `createAccountCredentials`, in the account of the function and in every other.
  ['sts:AssumeRole', `arn:aws:iam::${account}:role/remedykit-network`],
  ['sts:AssumeRole', 'arn:aws:iam::444455556666:role/security/remedykit-network'],
];

const byRole = ([action, resource]: readonly [string, string]): AccessRequest => ({
  action,
  principal: { arn: role, accountId: account },
  resource: resource === '*' ? resource : exampleOf(resource),
  context: { 'aws:RequestedRegion': region, 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:SecureTransport': 'true' },
});

/** A user who has no MFA yet enrols it, at home: IAM answers from us-east-1 alone. */
const byUser = (action: string, mfa: Readonly<Record<string, string>>): AccessRequest => ({
  action,
  principal: { arn: user, accountId: account },
  resource: action.endsWith('VirtualMFADevice') ? `arn:aws:iam::${account}:mfa/dana` : user,
  context: { 'aws:RequestedRegion': 'us-east-1', 'aws:SourceIp': '198.51.100.20', ...mfa },
});

const denied = ({ document, type }: Guardrail, requests: readonly AccessRequest[]): readonly string[] =>
  requests
    .filter((request) => evaluateDocument(document, request, type).effect === 'denied')
    .map(({ action, resource }) => `${action} on ${resource}`);

const enrolment: readonly AccessRequest[] = mfaEnrolment.flatMap((action) => [
  byUser(action, {}),
  byUser(action, { 'aws:MultiFactorAuthPresent': 'false' }),
]);

const exemptions = {
  exemptedPrincipalArns: [{ value: role, reason: 'blocks attackers', expires: new Date('2100-01-01') }],
};

describe.each(policyTemplates)('$name', ({ example, takes = ['exemptedPrincipalArns'], stopsEverything }) => {
  const guardrail = example(takes.includes('exemptedPrincipalArns') ? { exemptions } : {});

  it('blocks nothing that a remediation needs, once its role is named', () => {
    expect(denied(guardrail, needed.map(byRole))).toEqual([]);
  });

  it.skipIf(stopsEverything)('blocks no user from enrolling MFA', () => {
    expect(denied(guardrail, enrolment)).toEqual([]);
  });
});

it('stops everything in two templates alone, which exempt whom they must not stop', () => {
  const stopping = policyTemplates.filter((template) => template.stopsEverything);
  expect(stopping.map(({ name }) => name)).toEqual(['quarantine', 'suspendedAccount']);
  for (const { example } of stopping) {
    expect(denied(example(), enrolment)).not.toEqual([]);
    // Without the role's name the same check fails: it can.
    expect(denied(example(), needed.map(byRole))).not.toEqual([]);
  }
});
