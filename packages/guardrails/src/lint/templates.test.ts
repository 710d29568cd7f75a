import { describe, expect, it } from 'vitest';
import { policyTemplates } from '../templates/catalog.ts';
import { lintPolicy } from './lint-policy.ts';

const managed = {
  value: 'arn:aws:iam::*:role/responder-*',
  reason: 'CHG-4712',
  expires: new Date('2100-01-01'),
  managedBy: ['arn:aws:iam::111122223333:role/responder-deployer'],
  existsEverywhere: true,
} as const;

describe.each(policyTemplates)('$name', ({ type, example }) => {
  const variants = [
    ['by itself', example()],
    // A resource control policy cannot protect principals, and so takes no wildcard.
    ...(type === 'SERVICE_CONTROL_POLICY'
      ? [
          [
            'with a wildcard exemption, protected',
            example({ exemptions: { exemptedPrincipalArns: [managed] } }),
          ] as const,
        ]
      : []),
  ] as const;
  it.each(variants)('%s: the linter of this package finds nothing', (_, { document }) => {
    expect(lintPolicy(document, { type })).toEqual([]);
  });
});
