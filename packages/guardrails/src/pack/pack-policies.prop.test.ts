import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import { policyTypeOf } from '../policy/type-of.ts';
import { policyTemplates } from '../templates/catalog.ts';
import { foundation } from '../templates/foundation.ts';
import type { Exemption, Guardrail } from '../templates/guardrail.ts';
import { pairs } from '../testing/oracle/generate.ts';
import { requestsNear } from '../testing/oracle/template-requests.ts';
import { packableDocuments, possibleRequests } from '../testing/packing.ts';
import { type PackOptions, packPolicies } from './pack-policies.ts';

const runs = Number(process.env.REMEDYKIT_RUNS ?? 100);
const timeout = 60_000 + 20 * runs;
const data = loadActionData();
const roomy = { SERVICE_CONTROL_POLICY: 0, RESOURCE_CONTROL_POLICY: 0 };

type Asked = Parameters<typeof evaluateDocument>[1];

/** What policies on one target say together: one denial decides, and one allowance suffices. */
const verdictOf = (documents: readonly PolicyDocument[], type: PolicyType, request: Asked): string => {
  const effects = documents.map((document) => evaluateDocument(document, request, type).effect);
  return effects.find((effect) => effect === 'denied') ?? effects.find((effect) => effect === 'allowed') ?? 'undecided';
};

const ways: readonly PackOptions[] = [{}, { wildcards: 'documented' }];

const equalFor = (
  guardrails: readonly Guardrail[],
  request: Asked,
  packed: ReturnType<typeof packPolicies>[],
): void => {
  for (const type of ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const) {
    const before = guardrails.filter((one) => one.type === type).map(({ document }) => document);
    for (const { policies } of packed) {
      const after = policies.filter((one) => one.type === type).map(({ document }) => document);
      expect(verdictOf(after, type, request)).toBe(verdictOf(before, type, request));
    }
  }
};

const checkSet = (guardrails: readonly Guardrail[], numRuns: number): void => {
  const packed = ways.map((way) => packPolicies(guardrails, { ...way, reserved: roomy }));
  fc.assert(
    fc.property(fc.oneof(...guardrails.map((guardrail) => requestsNear(guardrail, data))), (request) =>
      equalFor(guardrails, request, packed),
    ),
    { numRuns },
  );
};

const exempt = (value: string): Exemption => ({ value, reason: 'CHG-4711', expires: new Date('2100-01-01') });
const exemptedPrincipalArns = ['a', 'b', 'c'].map((letter) =>
  exempt(`arn:aws:iam::111122223333:role/security/${letter}`.padEnd(60, letter)),
);

describe('packing decides as what was packed', () => {
  it.each(policyTemplates.map((template) => [template.name, template] as const))(
    'R8 R12: %s',
    { timeout },
    (_, { example }) => checkSet([example()], runs),
  );

  it('R8 R11 R12: the foundation set', { timeout: timeout * 4 }, () =>
    checkSet(foundation({ allowedRegions: ['eu-west-1'], exemptions: { exemptedPrincipalArns } }), 20 * runs),
  );

  it('R8 R12: half of all templates at once, under one exemption', { timeout: timeout * 4 }, () => {
    const all = policyTemplates
      .filter(({ type, name }) => type === 'SERVICE_CONTROL_POLICY' && name !== 'denyPublicAcl')
      .filter((_, index) => index % 2 === 0)
      .map(({ example, takes = ['exemptedPrincipalArns'] }) =>
        example(takes.includes('exemptedPrincipalArns') ? { exemptions: { exemptedPrincipalArns } } : {}),
      );
    checkSet(all, 10 * runs);
  });

  it('R8 R12: random statements that could be merged wrongly', { timeout: timeout * 4 }, () => {
    fc.assert(
      fc.property(
        packableDocuments,
        fc.array(possibleRequests, { minLength: 20, maxLength: 20 }),
        (documents, requests) => {
          for (const way of ways) {
            const { policies } = packPolicies(
              documents.map((document) => ({ document, type: 'SERVICE_CONTROL_POLICY' as const })),
              { ...way, data, reserved: roomy },
            );
            const after = policies.map(({ document }) => document);
            for (const request of requests)
              expect(verdictOf(after, 'SERVICE_CONTROL_POLICY', request)).toBe(
                verdictOf(documents, 'SERVICE_CONTROL_POLICY', request),
              );
          }
        },
      ),
      { numRuns: 2 * runs },
    );
  });

  it('R8: random policies with every operator, set operators and variables among them', {
    timeout: timeout * 4,
  }, () => {
    fc.assert(
      fc.property(fc.array(pairs, { minLength: 2, maxLength: 4 }), (several) => {
        const documents = several
          .flatMap(({ policies }) => [
            ...(policies.serviceControlPolicies ?? []),
            ...(policies.resourceControlPolicies ?? []),
          ])
          .flatMap(({ policies }) => policies.map(({ document }) => document));
        const { policies } = packPolicies(documents, { data, reserved: roomy });
        for (const type of ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const) {
          const before = documents.filter((document) => policyTypeOf(document) === type);
          const after = policies.filter((one) => one.type === type).map(({ document }) => document);
          for (const { request } of several)
            expect(verdictOf(after, type, request)).toBe(verdictOf(before, type, request));
        }
      }),
      { numRuns: 2 * runs },
    );
  });

  it('is the same each time, and packing what is packed changes nothing', { timeout: timeout * 4 }, () => {
    fc.assert(
      fc.property(packableDocuments, (documents) => {
        const once = packPolicies(documents, { data, reserved: roomy });
        expect(packPolicies(documents, { data, reserved: roomy })).toEqual(once);
        const again = packPolicies(once.policies, { data, reserved: roomy });
        expect(again.report.characters).toBeLessThanOrEqual(once.report.characters);
      }),
      { numRuns: runs },
    );
  });
});
