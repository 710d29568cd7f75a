import { policyVariable } from '../policy/variable.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import { type PolicyTemplate, stagedRollout } from '../templates/catalog-entry.ts';
import type { Guardrail } from '../templates/guardrail.ts';

/**
 * Function URLs answer only to callers that sign their requests.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const lambdaUrlIamAuth = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('lambdaUrlIamAuth', parameters);
  const resource = caseArn(scope.partition, 'lambda', 'function:orders');
  const none = { 'lambda:FunctionUrlAuthType': 'NONE' };
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'RequireUrlAuth',
        action: ['lambda:CreateFunctionUrlConfig', 'lambda:UpdateFunctionUrlConfig'],
        condition: { StringNotEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
        denied: [
          { action: 'lambda:CreateFunctionUrlConfig', resource, context: none },
          { action: 'lambda:UpdateFunctionUrlConfig', resource, context: none },
        ],
        nearMisses: [
          { context: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
          { action: 'lambda:DeleteFunctionUrlConfig' },
        ],
      },
      {
        sid: 'DenyOpenUrl',
        action: ['lambda:AddPermission'],
        condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
        denied: [{ action: 'lambda:AddPermission', resource, context: none }],
        nearMisses: [{ context: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/**
 * Denies resource policies of functions that admit everybody, and writing such a policy whole, whose principals IAM does not
 * show. The `*` of the policy is meant by itself, `${*}`, not as a wildcard.
 */
export const denyPublicLambda = (parameters: CommonParameters = {}): Guardrail => {
  const scope = templateScope('denyPublicLambda', parameters);
  const resource = caseArn(scope.partition, 'lambda', 'function:orders');
  const everybody = { 'lambda:Principal': '*' };
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'DenyPublicLambda',
        action: ['lambda:AddPermission', 'lambda:PutResourcePolicy'],
        condition: { StringLike: { 'lambda:Principal': policyVariable('*') } },
        denied: [
          { action: 'lambda:AddPermission', resource, context: everybody },
          { action: 'lambda:PutResourcePolicy', resource, context: everybody },
        ],
        nearMisses: [{ context: { 'lambda:Principal': '444455556666' } }, { action: 'lambda:RemovePermission' }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const lambdaTemplates: readonly PolicyTemplate[] = [
  {
    name: 'lambdaUrlIamAuth',
    family: 'lambda',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'No function answers to everybody by its URL.',
    breaks: 'Webhooks of others that cannot sign: put API Gateway before them, or exempt their pipeline.',
    bypasses: 'URLs that are open already; API Gateway and load balancers have their own policies.',
    rollout: stagedRollout,
    controls: [{ name: 'CT.LAMBDA.PV.1', id: '3qpnxfs5vtzd2v2ql2f2mu7tq' }],
    example: lambdaUrlIamAuth,
  },
  {
    name: 'denyPublicLambda',
    family: 'lambda',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'No function can be invoked by any principal of AWS.',
    breaks: 'Public functions behind a URL without login.',
    bypasses: 'Naming foreign accounts one by one; layers (externalSharing).',
    rollout: stagedRollout,
    controls: [{ name: 'CT.LAMBDA.PV.2', id: 'aksh80tizisat4i4ou8qg1hdy' }],
    example: denyPublicLambda,
  },
];
