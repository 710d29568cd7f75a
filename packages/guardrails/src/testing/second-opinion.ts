import { fullAwsAccess, type PolicyLevel } from '../evaluate/evaluate.ts';
import { conditionEntries } from '../templates/conditions.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { simulate } from './oracle/simulate.ts';

/**
 * What a second, independent evaluator finds wrong with the cases of a guardrail: those that do not hold, and those whose request
 * carries a condition key that the action does not know.
 */
export const secondOpinion = async ({ document, type, cases }: Guardrail): Promise<readonly string[]> => {
  const level: PolicyLevel = { target: 'root', policies: [{ name: 'guardrail', document }] };
  const policies =
    type === 'SERVICE_CONTROL_POLICY'
      ? { serviceControlPolicies: [{ ...level, policies: [fullAwsAccess, ...level.policies] }] }
      : { resourceControlPolicies: [level] };
  const keys = new Set(
    document.Statement.flatMap(({ Condition }) => conditionEntries(Condition).map(({ key }) => key)),
  );
  const faults = await Promise.all(
    cases.map(async ({ name, kind, request, expect }) => {
      const { verdict, ignoredKeys } = await simulate(request, policies);
      const unknown = kind === 'denied' ? ignoredKeys.filter((key) => keys.has(key)) : [];
      return [
        ...((verdict === 'explicitly-denied') === (expect === 'denied') ? [] : [`${name}: ${verdict}`]),
        ...unknown.map((key) => `${name}: the action does not know ${key}`),
      ];
    }),
  );
  return faults.flat();
};
