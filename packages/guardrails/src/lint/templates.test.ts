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
  it('is what the linter of this package would have it', () => {
    expect(lintPolicy(example().document, { type })).toEqual([]);
  });
  it.runIf(type === 'SERVICE_CONTROL_POLICY')('is so with a wildcard exemption, which brings its protection', () => {
    const { document } = example({ exemptions: { exemptedPrincipalArns: [managed] } });
    expect(lintPolicy(document, { type })).toEqual([]);
  });
});
