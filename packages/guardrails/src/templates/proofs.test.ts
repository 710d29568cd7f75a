import { describe, expect, it } from 'vitest';
import { secondOpinion } from '../testing/second-opinion.ts';
import { policyTemplates } from './catalog.ts';
import type { PolicyTemplate } from './catalog-entry.ts';
import type { Exemption, Exemptions, Guardrail } from './guardrail.ts';
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

const exemptResource = (name: string): Exemption => ({
  value: name === 'trustedOidcTenants' ? 'arn:aws:iam::111122223333:role/community' : 'arn:aws:s3:::public-site/*',
  reason: 'CHG-4713',
  expires,
});
const exemptAction: Exemption = { value: 'bedrock:ListFoundationModels', reason: 'CHG-4714', expires };

const exemptionsOf = ({ name, type, takes = ['exemptedPrincipalArns'] }: PolicyTemplate): [string, Exemptions][] => [
  ...(takes.includes('exemptedPrincipalArns')
    ? [
        ['with exempt principals', { exemptedPrincipalArns: exact }] as [string, Exemptions],
        ...(type === 'SERVICE_CONTROL_POLICY'
          ? [['with a wildcard exemption', { exemptedPrincipalArns: [wildcard] }] as [string, Exemptions]]
          : []),
      ]
    : []),
  ...(takes.includes('exemptedResourceArns')
    ? [['with an exempt resource', { exemptedResourceArns: [exemptResource(name)] }] as [string, Exemptions]]
    : []),
  ...(takes.includes('exemptedActions')
    ? [['with an exempt action', { exemptedActions: [exemptAction] }] as [string, Exemptions]]
    : []),
];

describe.each(policyTemplates)('$name', (template) => {
  const { name, type, example } = template;
  const variants: [string, Guardrail][] = [
    ['without exemptions', example()],
    ...exemptionsOf(template).map(([words, exemptions]): [string, Guardrail] => [words, example({ exemptions })]),
  ];

  it.each(variants)('%s: the cases prove it, and none is redundant', (_, guardrail) => {
    expect(guardrail).toMatchObject({ id: name, type });
    expect(prove(guardrail)).toEqual([]);
  });

  it.each(variants)('%s: a second evaluator agrees on every case', async (_, guardrail) => {
    expect(await secondOpinion(guardrail)).toEqual([]);
  });
});
