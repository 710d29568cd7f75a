import { describe, expect, it } from 'vitest';
import { foundation } from './foundation.ts';
import type { Exemption } from './guardrail.ts';
import { prove } from './prove.ts';

const exempt = (value: string): Exemption => ({ value, reason: 'CHG-4711', expires: new Date('2100-01-01') });

/** Three ARNs of 60 characters. */
const exemptedPrincipalArns = ['a', 'b', 'c'].map((letter) =>
  exempt(`arn:aws:iam::111122223333:role/security/${letter}`.padEnd(60, letter)),
);

const guardrails = foundation({
  allowedRegions: ['eu-west-1', 'eu-central-1'],
  exemptions: { exemptedPrincipalArns, exemptedActions: [exempt('bedrock:InvokeModel')] },
});

describe('the foundation', () => {
  it('holds its thirteen guardrails, in order', () => {
    expect(guardrails.map(({ id }) => id)).toEqual([
      'denyLeaveOrganization',
      'protectCloudTrail',
      'protectConfig',
      'protectGuardDuty',
      'protectSecurityHub',
      'protectAccessAnalyzer',
      'denyRootUser',
      'denyRootAccessKeys',
      'protectRoles',
      'protectAutomationResources',
      'protectLogArchive',
      'protectControlTags',
      'restrictRegions',
    ]);
  });

  it.each(guardrails)('$id proves itself', (guardrail) => expect(prove(guardrail)).toEqual([]));

  it('exempts an action from the Regions alone', () => {
    const naming = guardrails.filter(({ document }) => JSON.stringify(document).includes('bedrock:InvokeModel'));
    expect(naming.map(({ id }) => id)).toEqual(['restrictRegions']);
  });

  it('fits into two policies as it is', () => {
    const characters = guardrails.reduce((sum, { document }) => sum + JSON.stringify(document).length, 0);
    expect(characters).toBeLessThan(2 * 10_240);
  });

  it('passes on what is protected', () => {
    const text = JSON.stringify(
      foundation({
        allowedRegions: ['eu-west-1'],
        trails: ['arn:aws:cloudtrail:*:*:trail/all-of-us'],
        roleArns: ['arn:aws:iam::*:role/ours-*'],
        resourceArns: ['arn:aws:sqs:*:*:ours-*'],
        bucketArns: ['arn:aws:s3:::our-logs'],
      }).map(({ document }) => document),
    );
    for (const own of ['trail/all-of-us', 'role/ours-*', 'sqs:*:*:ours-*', 'our-logs']) expect(text).toContain(own);
    expect(text).not.toContain('remedykit-audit-*');
  });
});
