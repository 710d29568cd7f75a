import { expect, it } from 'vitest';
import { catalogueAsOf } from './finding-types/catalogue.ts';
import { findingTypes } from './finding-types.ts';

const stateOf = (state: 'active' | 'retired'): string[] =>
  findingTypes.flatMap((each) => (each.state === state ? [each.type] : []));

it(`holds every type that GuardDuty documents as of ${catalogueAsOf}, each once and in order`, () => {
  const types = findingTypes.map(({ type }) => type);
  expect(types).toEqual([...new Set(types)].toSorted());
  expect(stateOf('active')).toHaveLength(209);
  for (const type of types) expect(type).toMatch(/^[A-Z]\w+:[A-Z]\w+\/[A-Z][\w&.!]+$/);
});

it('G19: marks the retired types, with the day of their retirement where it is known', () => {
  expect(stateOf('retired')).toHaveLength(21);
  expect(stateOf('retired')).toEqual(
    expect.arrayContaining([
      'Backdoor:EC2/XORDDOS',
      'Recon:IAMUser/UserPermissions',
      'UnauthorizedAccess:EC2/TorIPCaller',
    ]),
  );
  const dated = findingTypes.filter(({ retiredOn }) => retiredOn !== undefined);
  expect(dated.map(({ type, state, retiredOn }) => [type, state, retiredOn])).toEqual([
    ['Backdoor:EC2/XORDDOS', 'retired', '2019-06-12'],
    ['UnauthorizedAccess:EC2/TorIPCaller', 'retired', '2020-10-01'],
    ['UnauthorizedAccess:IAMUser/UnusualASNCaller', 'retired', '2018-12-21'],
  ]);
});

it('says what is known about a type and what is done about it', () => {
  const factsOf = (type: string) => findingTypes.find((each) => each.type === type);
  expect(factsOf('UnauthorizedAccess:EC2/SSHBruteForce')).toEqual({
    type: 'UnauthorizedAccess:EC2/SSHBruteForce',
    state: 'active',
    family: 'brute-force',
    resource: 'ec2',
    dataSources: ['vpc-flow-logs'],
    defaultSeverity: 'low',
    port: 22,
    verdict: 'block',
    direction: 'ingress',
    escalate: false,
    spoofable: false,
    reason: 'brute-force',
  });
  expect(factsOf('DefenseImpairment:Organizations/DisableOrModifyTools')).toEqual({
    type: 'DefenseImpairment:Organizations/DisableOrModifyTools',
    state: 'active',
    family: 'configuration',
    resource: 'organizations',
    dataSources: ['custom-detection-rules'],
    defaultSeverity: 'undocumented',
    verdict: 'ignore',
    escalate: true,
    spoofable: false,
    reason: 'control-change',
  });
});
