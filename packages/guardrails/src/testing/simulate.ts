import { runSimulation } from '@cloud-copilot/iam-simulate';
import { requestContext } from '../evaluate/context.ts';
import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';

const everything = (extra: object = {}): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...extra }],
});

/** What a second, independent evaluator says of a request; for tests alone. It neither knows service-linked roles nor a management account. */
export const simulate = async (
  document: PolicyDocument,
  type: PolicyType,
  request: AccessRequest,
): Promise<'denied' | 'undecided'> => {
  const { action, principal, resource, resourceAccountId } = request;
  const [, , , , owner = ''] = resource.split(':');
  const accountId = resourceAccountId ?? (/^\d{12}$/.test(owner) ? owner : principal.accountId);
  const level = [{ orgIdentifier: 'r-ab12', policies: [{ name: 'guardrail', policy: document }] }];
  const full = { orgIdentifier: 'r-ab12', policies: [{ name: 'full', policy: everything() }] };
  const result = await runSimulation(
    {
      identityPolicies: [{ name: 'all', policy: everything() }],
      serviceControlPolicies:
        type === 'SERVICE_CONTROL_POLICY'
          ? [{ orgIdentifier: 'r-ab12', policies: [...full.policies, ...(level[0]?.policies ?? [])] }]
          : [],
      resourceControlPolicies: type === 'RESOURCE_CONTROL_POLICY' ? level : [],
      ...(type === 'RESOURCE_CONTROL_POLICY' ? { resourcePolicy: everything({ Principal: '*' }) } : {}),
      request: {
        action,
        principal: principal.service ?? principal.arn,
        resource: { accountId, resource },
        contextVariables: Object.fromEntries(
          Object.entries(requestContext(request)).map(([key, value]) => [
            key,
            typeof value === 'string' ? value : [...value],
          ]),
        ),
      },
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  return result.overallResult === 'ExplicitlyDenied' ? 'denied' : 'undecided';
};
