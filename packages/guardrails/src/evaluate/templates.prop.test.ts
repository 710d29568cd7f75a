import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { policyTemplates } from '../templates/catalog.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { explainedRules } from '../testing/oracle/rules.ts';
import { simulate } from '../testing/oracle/simulate.ts';
import { requestsNear } from '../testing/oracle/template-requests.ts';
import { evaluate, fullAwsAccess, type PolicySet } from './evaluate.ts';

// There are many templates: a quarter each, and no more than the few requests that are near one can fill.
const numRuns = Math.min(1_000, Math.ceil(Number(process.env.REMEDYKIT_RUNS ?? 100) / 4));

const attached = ({ type, document }: Guardrail): PolicySet => {
  const own = { name: 'guardrail', document };
  return type === 'SERVICE_CONTROL_POLICY'
    ? { serviceControlPolicies: [{ target: 'root', policies: [fullAwsAccess, own] }] }
    : { resourceControlPolicies: [{ target: 'root', policies: [own] }] };
};

describe.each(policyTemplates)('$name', ({ example }) => {
  it('both evaluators agree on requests near its cases', { timeout: 60_000 + 20 * numRuns }, async () => {
    const guardrail = example();
    const policies = attached(guardrail);
    await fc.assert(
      fc.asyncProperty(requestsNear(guardrail, loadActionData()), async (near) => {
        const { verdict, ignoredKeys } = await simulate(near, policies);
        // No request for this action carries these keys: the second evaluator leaves them out, and so does AWS.
        const context = Object.fromEntries(Object.entries(near.context).filter(([key]) => !ignoredKeys.includes(key)));
        const request = { ...near, context };
        if (explainedRules.some(({ applies }) => applies(request, policies))) return;
        expect(evaluate(request, policies).verdict).toBe(verdict);
      }),
      { numRuns },
    );
  });
});
