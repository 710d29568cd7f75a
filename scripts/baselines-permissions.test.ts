import { dynamoDbPermissions } from '@remedykit/core/dynamodb';
import { blockerPermissions } from '@remedykit/guardduty';
import {
  type AccessRequest,
  type Baseline,
  evaluateDocument,
  foundationBaseline,
  mfaEnrolment,
  packPolicies,
  sandboxBaseline,
  suspendedBaseline,
  workloadBaseline,
} from '@remedykit/guardrails';
import { enforcerPermissions } from '@remedykit/iam';
import { describe, expect, it } from 'vitest';
import { exampleOf } from '../packages/guardrails/src/templates/glob.ts';

const account = '111122223333';
const region = 'eu-west-1';
const roles = ['remedykit-blocker', 'remedykit-iam'].map((name) => `arn:aws:iam::${account}:role/${name}`);
const user = `arn:aws:iam::${account}:user/dana`;
const tableArn = `arn:aws:dynamodb:${region}:${account}:table/remedykit`;
const exemptions = {
  exemptedPrincipalArns: roles.map((value) => ({ value, reason: 'remediates', expires: new Date('2100-01-01') })),
};
const organizationId = 'o-a1b2c3d4e5';
const allowedRegions = [region];

const sets: readonly Baseline[] = [
  foundationBaseline({ allowedRegions, exemptions }),
  workloadBaseline({ organizationId, exemptions }),
  sandboxBaseline({ allowedRegions, exemptions, budget: { monthlyUsd: 100, notify: ['cloud@example.com'] } }),
  suspendedBaseline({ organizationId, exemptions }),
];

const age = { warnAtDays: [80, 85, 89], deactivateAtDays: 90 };

/** What the packages say that they need, as pairs of action and resource. */
const needed: readonly (readonly [action: string, resource: string])[] = [
  ...[
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
  ].flatMap(({ Statement }) =>
    Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => [action, resource] as const)),
    ),
  ),
  ...dynamoDbPermissions({ tableArn }).actions.map((action) => [action, tableArn] as const),
];

const ask = (arn: string, action: string, resource: string, more: AccessRequest['context']): AccessRequest => ({
  action,
  principal: { arn, accountId: account },
  resource: resource === '*' ? resource : exampleOf(resource),
  context: {
    'aws:RequestedRegion': region,
    'aws:PrincipalOrgID': organizationId,
    'aws:SecureTransport': 'true',
    ...more,
  },
});

/** A user who has no MFA yet enrols it, at home: IAM answers from us-east-1 alone. */
const enrolment = mfaEnrolment.map((action) =>
  ask(user, action, action.endsWith('VirtualMFADevice') ? `arn:aws:iam::${account}:mfa/dana` : user, {
    'aws:RequestedRegion': 'us-east-1',
  }),
);

const deniedBy = ({ guardrails }: Baseline, requests: readonly AccessRequest[]): readonly string[] =>
  packPolicies(guardrails).policies.flatMap(({ document, type }) =>
    requests
      .filter((request) => evaluateDocument(document, request, type).effect === 'denied')
      .map(({ action, resource }) => `${action} on ${resource}`),
  );

describe.each(sets)('the set $name, packed', (set) => {
  const requests = roles.flatMap((role) => needed.map(([action, resource]) => ask(role, action, resource, {})));
  it('blocks nothing that a remediation needs, once its role is named', () => {
    expect(requests.length).toBeGreaterThan(10);
    expect(deniedBy(set, requests)).toEqual([]);
  });
  it('blocks no user from enrolling MFA, but in an account that nobody uses', () => {
    const denied = deniedBy(set, enrolment);
    if (set.name === 'suspended') expect(denied).toHaveLength(enrolment.length);
    else expect(denied).toEqual([]);
  });
});

it('the check can fail: in a suspended account no other role does what a remediation needs', () => {
  const other = needed.map(([action, resource]) => ask(`${roles[0]}-2`, action, resource, {}));
  const [suspended] = sets.filter(({ name }) => name === 'suspended');
  expect(suspended && deniedBy(suspended, other)).toHaveLength(needed.length);
});
