import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePolicyDocument, readPolicy } from '../policy/parse.ts';
import { pairs } from '../testing/oracle/generate.ts';
import { lintRules } from './finding.ts';
import { lintPolicy } from './lint-policy.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const timeout = 30_000 + 5 * numRuns;

const names = fc.constantFrom(
  'Statement',
  'Version',
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
  'Principal',
  'StringEquals',
  'ForAnyValue:ArnLike',
  'aws:PrincipalArn',
  'aws:RequestedRegion',
  '__proto__',
);
const words = fc.oneof(
  names,
  fc.constantFrom(
    'Deny',
    '*',
    's3:*',
    's3:PutObject',
    'arn:aws:s3:::*',
    '2012-10-17',
    '',
    ':',
    '${',
    '[x]',
    'arn:::::',
  ),
  fc.string(),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'medium' },
    words,
    fc.constantFrom(null, true, 7),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(names, tie('json'), { maxKeys: 6 }),
  ),
}));

it('takes any JSON, and always answers with findings that say what and where', { timeout }, () => {
  fc.assert(
    fc.property(
      json,
      fc.constantFrom('SERVICE_CONTROL_POLICY' as const, 'RESOURCE_CONTROL_POLICY' as const),
      (policy, type) => {
        const findings = lintPolicy(policy, { type });
        for (const { code, message, fix } of findings) {
          expect(Object.keys(lintRules)).toContain(code);
          expect(message.length * fix.length).toBeGreaterThan(0);
        }
        // A policy without a statement says nothing, and that is a finding.
        if (readPolicy(policy).document.Statement.length === 0) expect(findings).not.toEqual([]);
      },
    ),
    { numRuns },
  );
});

it('a well-formed document is read as it is, and its text reads the same', { timeout }, () => {
  fc.assert(
    fc.property(pairs, ({ policies }) => {
      for (const level of [...(policies.serviceControlPolicies ?? []), ...(policies.resourceControlPolicies ?? [])])
        for (const { document } of level.policies) {
          expect(parsePolicyDocument(document)).toEqual(document);
          expect(parsePolicyDocument(JSON.parse(JSON.stringify(document)))).toEqual(document);
        }
    }),
    { numRuns },
  );
});
