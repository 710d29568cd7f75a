import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { IdentityPolicy } from '../mfa/mfa-policies.ts';

/** One call as a policy sees it. */
export interface SimulatedCall {
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  readonly context: Readonly<Record<string, string>>;
  readonly policies: readonly IdentityPolicy[];
  readonly boundary?: IdentityPolicy;
}

/** What the identity policies and the boundary say of a call. */
export const simulateCall = async ({
  action,
  resource,
  principal,
  context,
  policies,
  boundary,
}: SimulatedCall): Promise<'allowed' | 'denied' | 'not-granted'> => {
  const simulated = await runSimulation(
    {
      identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(boundary === undefined ? {} : { permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }] }),
      request: {
        action,
        principal,
        resource: { resource, accountId: '111122223333' },
        contextVariables: { ...context },
      },
    },
    {},
  );
  if (simulated.resultType === 'error')
    throw new Error(`${action} on ${resource} cannot be simulated: ${JSON.stringify(simulated.errors)}`);
  const { overallResult } = simulated;
  return overallResult === 'Allowed' ? 'allowed' : overallResult === 'ExplicitlyDenied' ? 'denied' : 'not-granted';
};
