import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { comparePolicies } from '../compare/compare-policies.ts';
import { exampleRequests } from '../compare/example-requests.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import type { PolicyDocument } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { publishedCollections } from '../testing/published.ts';
import { packPolicies } from './pack-policies.ts';

const runs = Number(process.env.REMEDYKIT_RUNS ?? 100);
const data = loadActionData();
const type = 'SERVICE_CONTROL_POLICY';

const verdictOf = (documents: readonly PolicyDocument[], request: AccessRequest): string => {
  const effects = documents.map((document) => evaluateDocument(document, request, type).effect);
  return effects.find((effect) => effect === 'denied') ?? effects.find((effect) => effect === 'allowed') ?? 'undecided';
};

const account = '111122223333';
const principals = [
  'role/Developer',
  'role/OrganizationAccountAccessRole',
  'role/pipeline/Deploy',
  'role/Role1AllowedToBypassThisSCP',
  'user/dana',
  'root',
].map((name) => ({ arn: `arn:aws:iam::${account}:${name}`, accountId: account }));

/** Examples near the policies, with anybody as principal, and keys of each other. */
const requestsFor = (documents: readonly PolicyDocument[]): fc.Arbitrary<AccessRequest> => {
  const examples = [...exampleRequests(documents, data)];
  const one = fc.constantFrom(...examples);
  return fc
    .tuple(one, one, fc.constantFrom(...principals), fc.constantFrom('own', 'other', 'both', 'none'), fc.boolean())
    .map(([request, { context }, principal, keys, lower]) => ({
      ...request,
      action: lower ? request.action.toLowerCase() : request.action,
      principal,
      context: {
        ...(keys === 'own' || keys === 'both' ? request.context : {}),
        ...(keys === 'other' || keys === 'both' ? context : {}),
      },
    }));
};

const all = Object.values(publishedCollections).flat();
// An allowance that names everything would hide what becomes undecided in the others.
const denials = all.filter(({ document }) => document.Statement.every(({ Effect }) => Effect === 'Deny'));
const collections = Object.entries({ ...publishedCollections, 'all denials at once': denials });

describe.each(collections)('R8 R9 R11 R12: published policies: %s', (_, policies) => {
  const documents = policies.map(({ document }) => document);
  const given = policies.map(({ name, document }) => ({ id: name, document, type }) as const);
  const packed = {
    'as written': packPolicies(given, { data }),
    'with wildcards': packPolicies(given, { data, wildcards: 'documented' }),
  };

  it.each(Object.entries(packed))('packed %s, they decide each example as before', (__, { policies: after }) => {
    const { requests, differences } = comparePolicies(given, after, data);
    expect(requests).toBeGreaterThan(30);
    expect(differences).toEqual([]);
  });

  it('and any generated request', { timeout: 60_000 + 400 * runs }, () => {
    fc.assert(
      fc.property(requestsFor(documents), (request) => {
        const before = verdictOf(documents, request);
        for (const { policies: after } of Object.values(packed))
          expect(
            verdictOf(
              after.map(({ document }) => document),
              request,
            ),
          ).toBe(before);
      }),
      { numRuns: 200 * runs },
    );
  });

  it('none of them is lost, and they are no longer than before', () => {
    const { report } = packed['as written'];
    expect(new Set(report.statements.flatMap(({ sources }) => sources.map(({ policy }) => policy)))).toEqual(
      new Set(policies.map(({ name }) => name)),
    );
    expect(report.characters).toBeLessThanOrEqual(report.unpackedCharacters);
  });
});
