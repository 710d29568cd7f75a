import { describe, expect, it } from 'vitest';
import { denyLeaveOrganization, restrictRegions } from '../index.ts';
import type { Guardrail } from './guardrail.ts';
import { prove } from './prove.ts';

const guardrail = restrictRegions({
  allowedRegions: ['eu-west-1', 'eu-central-1'],
  exemptions: {
    exemptedPrincipalArns: [
      { value: 'arn:aws:iam::111122223333:role/break-glass', reason: 'CHG-4711', expires: new Date('2100-01-01') },
    ],
  },
});

const withCases = (change: (cases: Guardrail['cases']) => Guardrail['cases']): Guardrail => ({
  ...guardrail,
  cases: change(guardrail.cases),
});

const without = (kind: string): Guardrail => withCases((cases) => cases.filter((one) => one.kind !== kind));

describe('prove', () => {
  it('finds nothing in what is whole', () => expect(prove(guardrail)).toEqual([]));

  it('finds a case that does not hold', () => {
    const [first, ...rest] = guardrail.cases;
    const turned = first === undefined ? [] : [{ ...first, expect: 'undecided' as const }];
    expect(prove({ ...guardrail, cases: [...turned, ...rest] })).toContain(`${first?.name}: not undecided`);
  });

  it.each([
    ['denied', 'no case of the kind denied'],
    ['denied', 'RestrictRegions alone decides no denied case'],
    ['allowed', 'no case of the kind allowed'],
    ['near-miss', 'RestrictRegions has no near miss'],
    ['missing-key', 'RestrictRegions has no case without aws:RequestedRegion'],
    ['missing-key', 'RestrictRegions has no case without aws:PrincipalArn'],
    ['exempt', 'no case notices: RestrictRegions without the condition ArnNotLike aws:PrincipalArn'],
  ])('misses cases of the kind %s: %s', (kind, fault) => expect(prove(without(kind))).toContain(fault));

  it('misses the case of each Region', () => {
    for (const region of ['eu-west-1', 'eu-central-1']) {
      const left = withCases((cases) =>
        cases.filter(({ request }) => request.context['aws:RequestedRegion'] !== region),
      );
      expect(prove(left)).toContain(
        `no case notices: RestrictRegions without the value ${region} of StringNotEquals aws:RequestedRegion`,
      );
    }
  });

  it('finds a case that proves nothing of its own', () => {
    const [first] = guardrail.cases;
    const twice = withCases((cases) => (first === undefined ? cases : [...cases, { ...first, name: 'again' }]));
    expect(prove(twice)).toEqual(expect.arrayContaining(['redundant: again', `redundant: ${first?.name}`]));
  });

  it('finds names that stand twice', () => {
    const doubled = withCases((cases) => [...cases, ...cases.slice(0, 1)]);
    expect(prove(doubled)).toContain(`twice: ${guardrail.cases[0]?.name}`);
  });

  it('finds near misses that are further away than one element', () => {
    const far = withCases((cases) =>
      cases.map((one) =>
        one.kind === 'near-miss'
          ? { ...one, request: { ...one.request, action: 'iam:ListRoles', resource: 'x' } }
          : one,
      ),
    );
    expect(prove(far)).toContain('RestrictRegions has no near miss');
  });

  it('asks the judge that it is given', () => {
    expect(prove(denyLeaveOrganization(), () => false)).toContain(
      'DenyLeave denies organizations:LeaveOrganization: not denied',
    );
  });
});
