import { runSimulation } from '@cloud-copilot/iam-simulate';
import { requestContext } from '../../evaluate/context.ts';
import { type Evaluation, fullAwsAccess, type PolicyLevel, type PolicySet } from '../../evaluate/evaluate.ts';
import type { AccessRequest } from '../../policy/request.ts';

const verdicts = {
  Allowed: 'allowed',
  ExplicitlyDenied: 'explicitly-denied',
  ImplicitlyDenied: 'implicitly-denied',
} as const;

const organization = (levels: readonly PolicyLevel[] = []) =>
  levels.map(({ target, policies }) => ({
    orgIdentifier: target,
    policies: policies.map(({ name, document }) => ({ name, policy: document })),
  }));

const asContext = (request: AccessRequest): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(requestContext(request)).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : [...value],
    ]),
  );

/** What the second evaluator says. */
export interface Simulated {
  readonly verdict: Evaluation['verdict'];
  /** Keys that it left out, because no request for this action and resource carries them. */
  readonly ignoredKeys: readonly string[];
}

/**
 * The verdict of `@cloud-copilot/iam-simulate` on control policies alone: identity and resource policies grant all.
 * `aws:PrincipalArn` and its like must be given to it; it knows neither the management account nor service-linked roles.
 */
export const simulate = async (request: AccessRequest, policies: PolicySet): Promise<Simulated> => {
  const simulated = await runSimulation(
    {
      identityPolicies: [{ name: 'all', policy: fullAwsAccess.document }],
      serviceControlPolicies: organization(policies.serviceControlPolicies),
      resourceControlPolicies: organization(policies.resourceControlPolicies),
      request: {
        action: request.action,
        principal: request.principal.service ?? request.principal.arn,
        resource: { resource: request.resource, accountId: request.resourceAccountId ?? request.principal.accountId },
        contextVariables: asContext(request),
      },
    },
    {},
  );
  if (simulated.resultType === 'error')
    throw new Error(
      `${request.action} on ${request.resource} cannot be simulated: ${JSON.stringify(simulated.errors)}`,
    );
  // For `*` where the action has resources it looks at each type of them; all it knows of is the sum.
  if (simulated.resultType === 'wildcard')
    return {
      verdict: verdicts[simulated.overallResult],
      ignoredKeys: simulated.results.flatMap(({ ignoredContextKeys }) => ignoredContextKeys ?? []),
    };
  const { analysis, ignoredContextKeys } = simulated.result;
  const results = [
    ...(policies.serviceControlPolicies === undefined ? [] : [analysis.scpAnalysis?.result]),
    ...(policies.resourceControlPolicies === undefined ? [] : [analysis.rcpAnalysis?.result]),
  ].map((result) => verdicts[result ?? 'Allowed']);
  const verdict =
    results.find((result) => result === 'explicitly-denied') ?? results.find((result) => result !== 'allowed');
  return { verdict: verdict ?? 'allowed', ignoredKeys: ignoredContextKeys ?? [] };
};
