import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  protectAutomationResources,
  protectCloudTrail,
  protectLogArchive,
  protectRoles,
  restrictRegions,
} from '../index.ts';
import { policyTemplates } from './catalog.ts';
import type { Exemption, Exemptions, Guardrail } from './guardrail.ts';
import { brokenCases, prove } from './prove.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
/** Milliseconds; long runs are asked for. */
const timeout = 20_000 + numRuns * 100;

const account = fc.constantFrom('111122223333', '444455556666');
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const pattern = fc
  .tuple(name, fc.constantFrom('', '*', '-*', '?', '-*-x'))
  .map(([text, wildcard]) => `${text}${wildcard}`);

const exact: fc.Arbitrary<Exemption> = fc
  .record({ account, kind: fc.constantFrom('role', 'user'), path: fc.constantFrom('', 'team/'), name })
  .map((part) => ({
    value: `arn:aws:iam::${part.account}:${part.kind}/${part.path}${part.name}`,
    reason: 'CHG-4711',
    expires: new Date('2100-01-01'),
  }));

const wildcard: fc.Arbitrary<Exemption> = fc
  .record({ everywhere: fc.boolean(), account, kind: fc.constantFrom('role', 'user'), name, manager: name })
  .map((part) => ({
    value: `arn:aws:iam::${part.everywhere ? '*' : part.account}:${part.kind}/${part.name}-*`,
    reason: 'CHG-4712',
    expires: new Date('2100-01-01'),
    managedBy: [`arn:aws:iam::111122223333:role/ci/${part.manager}`],
    existsEverywhere: true,
  }));

const exemptionsFor = (wildcards: boolean): fc.Arbitrary<Exemptions> =>
  fc
    .array(wildcards ? fc.oneof(exact, wildcard) : exact, { maxLength: 4 })
    .map((exemptedPrincipalArns) => ({ exemptedPrincipalArns }));

const exemptible = policyTemplates.filter(({ takes = ['exemptedPrincipalArns'] }) =>
  takes.includes('exemptedPrincipalArns'),
);

it(
  'keeps every case of every template, whoever is exempt',
  () => {
    const drawn = fc
      .constantFrom(...exemptible)
      // Who stops everything must exempt the managers too.
      .chain((template) =>
        exemptionsFor(template.type === 'SERVICE_CONTROL_POLICY' && template.stopsEverything !== true).map(
          (exemptions) => ({ template, exemptions }),
        ),
      );
    fc.assert(
      fc.property(drawn, ({ template, exemptions }) => {
        expect(brokenCases(template.example({ exemptions }))).toEqual([]);
      }),
      { numRuns },
    );
  },
  timeout,
);

const patterned: fc.Arbitrary<Guardrail> = fc
  .record({
    names: fc.uniqueArray(pattern, { minLength: 1, maxLength: 4 }),
    region: fc.constantFrom('*', 'eu-west-1'),
    owner: fc.oneof(account, fc.constant('*')),
    kind: fc.constantFrom('roles', 'trails', 'buckets', 'automation'),
    exemptions: exemptionsFor(true),
  })
  .map(({ names, region, owner, kind, exemptions }) => {
    if (kind === 'roles')
      return protectRoles({ exemptions, roleArns: names.map((one) => `arn:aws:iam::${owner}:role/${one}`) });
    if (kind === 'buckets')
      return protectLogArchive({ exemptions, bucketArns: names.map((one) => `arn:aws:s3:::${one}`) });
    if (kind === 'trails')
      return protectCloudTrail({
        exemptions,
        trails: names.map((one) => `arn:aws:cloudtrail:${region}:${owner}:trail/${one}`),
        eventDataStores: [],
      });
    const arns = names.flatMap((one) => [
      `arn:aws:lambda:${region}:${owner}:function:${one}`,
      `arn:aws:dynamodb:${region}:${owner}:table/${one}`,
      `arn:aws:sqs:${region}:${owner}:${one}`,
    ]);
    return protectAutomationResources({ exemptions, resourceArns: arns });
  });

it(
  'keeps every case, whatever is protected',
  () => {
    fc.assert(
      fc.property(patterned, (guardrail) => {
        expect(brokenCases(guardrail)).toEqual([]);
      }),
      { numRuns },
    );
  },
  timeout,
);

it(
  'proves any list of Regions, each by a case of its own',
  () => {
    const regions = fc.uniqueArray(
      fc.constantFrom(
        'eu-west-1',
        'eu-central-1',
        'us-east-1',
        'us-west-2',
        'ap-southeast-2',
        'sa-east-1',
        'il-central-1',
        'mx-central-1',
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(
        regions,
        fc.uniqueArray(exact, { maxLength: 3, selector: ({ value }) => value }),
        (allowedRegions, exemptedPrincipalArns) => {
          expect(prove(restrictRegions({ allowedRegions, exemptions: { exemptedPrincipalArns } }))).toEqual([]);
        },
      ),
      { numRuns: Math.ceil(numRuns / 10) },
    );
  },
  timeout,
);
