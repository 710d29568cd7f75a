import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import { packPolicies } from '../pack/pack-policies.ts';
import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { requestsNear } from '../testing/oracle/template-requests.ts';
import { baselineCatalog } from './catalog.ts';

const runs = Number(process.env.REMEDYKIT_RUNS ?? 100);
const data = loadActionData();
const types: readonly PolicyType[] = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'];

const denies = (documents: readonly PolicyDocument[], type: PolicyType, request: AccessRequest): boolean =>
  documents.some((document) => evaluateDocument(document, request, type).effect === 'denied');

describe.each(baselineCatalog)('the set $name', ({ example }) => {
  const { guardrails } = example();
  const ways = [packPolicies(guardrails, { data }), packPolicies(guardrails, { data, wildcards: 'documented' })];

  it('R8 R11 R12: packed, it denies what it denied', { timeout: 120_000 + 1_000 * runs }, () => {
    const requests = fc.oneof(...guardrails.map((guardrail) => requestsNear(guardrail, data)));
    let denied = 0;
    fc.assert(
      fc.property(requests, (request) => {
        for (const type of types) {
          const before = guardrails.filter((one) => one.type === type).map(({ document }) => document);
          const expected = denies(before, type, request);
          if (expected) denied += 1;
          for (const { policies } of ways) {
            const after = policies.filter((one) => one.type === type).map(({ document }) => document);
            expect(denies(after, type, request)).toBe(expected);
          }
        }
      }),
      { numRuns: 200 * runs },
    );
    // Neither all nor none of them: the requests tell policies apart.
    expect(denied).toBeGreaterThan(20 * runs);
    expect(denied).toBeLessThan(types.length * 200 * runs);
  });
});
