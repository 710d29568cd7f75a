import { describe, expect, it } from 'vitest';
import { simulate } from '../testing/simulate.ts';
import { policyTemplates } from './catalog.ts';
import type { Exemption } from './guardrail.ts';
import { prove } from './prove.ts';

const expires = new Date('2030-01-01');
const exact: readonly Exemption[] = ['role/security/break-glass', 'role/pipeline-production', 'root'].map((name) => ({
  value: `arn:aws:iam::111122223333:${name}`,
  reason: 'CHG-4711',
  expires,
}));
const wildcard: Exemption = {
  value: 'arn:aws:iam::*:role/responder-*',
  reason: 'CHG-4712',
  expires,
  managedBy: ['arn:aws:iam::111122223333:role/responder-deployer'],
  existsEverywhere: true,
};

describe.each(policyTemplates)('$name', ({ name, type, example }) => {
  const variants = [
    ['without exemptions', example()],
    ['with exemptions', example({ exemptions: { exemptedPrincipalArns: exact } })],
    ...(type === 'SERVICE_CONTROL_POLICY'
      ? [['with a wildcard exemption', example({ exemptions: { exemptedPrincipalArns: [wildcard] } })] as const]
      : []),
  ] as const;

  it.each(variants)('%s: the cases prove it, and none is redundant', (_, guardrail) => {
    expect(guardrail).toMatchObject({ id: name, type });
    expect(prove(guardrail)).toEqual([]);
  });

  it.each(variants)('%s: a second evaluator agrees on every case', async (_, guardrail) => {
    for (const one of guardrail.cases) {
      const verdict = await simulate(guardrail.document, guardrail.type, one.request);
      expect(`${one.name}: ${verdict}`).toBe(`${one.name}: ${one.expect}`);
    }
  });
});
