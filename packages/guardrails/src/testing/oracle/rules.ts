import { arnFields } from '../../evaluate/arn.ts';
import { parseOperator } from '../../evaluate/condition.ts';
import { type RequestKeys, requestKeys } from '../../evaluate/context.ts';
import { isServiceLinkedRole, type PolicySet } from '../../evaluate/evaluate.ts';
import { operators } from '../../evaluate/operators/index.ts';
import type { Statement } from '../../policy/document.ts';
import { listOf } from '../../policy/list.ts';
import type { AccessRequest } from '../../policy/request.ts';
import { policyVariable } from '../../policy/variable.ts';

/** A documented rule of AWS by which the two evaluators may differ: ours follows it, the other does not. */
export interface ExplainedRule {
  readonly id: string;
  /** What AWS says. */
  readonly rule: string;
  readonly source: string;
  /** Whether the rule bears on this pair. It sees no verdict. */
  readonly applies: (request: AccessRequest, policies: PolicySet) => boolean;
}

const organizationsGuide = 'https://docs.aws.amazon.com/organizations/latest/userguide';
const iamGuide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

const statementsOf = ({ serviceControlPolicies = [], resourceControlPolicies = [] }: PolicySet): readonly Statement[] =>
  [...serviceControlPolicies, ...resourceControlPolicies].flatMap(({ policies }) =>
    policies.flatMap(({ document }) => document.Statement),
  );

interface Test {
  readonly base: string;
  readonly key: string;
  readonly values: readonly string[];
}

const testsOf = (policies: PolicySet): readonly Test[] =>
  statementsOf(policies).flatMap(({ Condition = {} }) =>
    Object.entries(Condition).flatMap(([operator, byKey]) =>
      Object.entries(byKey).map(([key, values]) => ({
        base: parseOperator(operator)?.base ?? operator,
        key,
        values: listOf(values),
      })),
    ),
  );

const resourcesOf = (policies: PolicySet): readonly string[] =>
  statementsOf(policies).flatMap(({ Resource, NotResource }) => [...listOf(Resource), ...listOf(NotResource)]);

const variables = /\$\{([^},]+)(,[^}]*)?\}/g;

const lacksValue = (text: string, keys: RequestKeys): boolean =>
  [...text.matchAll(variables)].some(
    ([, key = '', fallback]) => !/^[*?$]$/.test(key) && fallback === undefined && !keys.has(key.trim().toLowerCase()),
  );

const variableBeforeLastField = (text: string): boolean =>
  (arnFields(text) ?? []).slice(0, 5).some((field) => field.includes('${'));

const isEpoch = (text: string): boolean => /^\d{5,}$/.test(text);

/** All of them. Whatever else the two evaluators differ in is a fault of ours. */
export const explainedRules: readonly ExplainedRule[] = [
  {
    id: 'service-linked-role',
    rule: 'Control policies do not restrict service-linked roles.',
    source: `${organizationsGuide}/orgs_manage_policies_scps.html`,
    applies: ({ principal }) => isServiceLinkedRole(principal),
  },
  {
    id: 'management-account',
    rule: 'Control policies restrict neither users and roles nor resources of the management account.',
    source: `${organizationsGuide}/orgs_manage_policies_rcps.html`,
    applies: ({ principal, resourceAccountId = principal.accountId }, { managementAccountId: management }) =>
      management !== undefined && (principal.accountId === management || resourceAccountId === management),
  },
  {
    id: 'service-principal',
    rule: 'Service control policies restrict IAM users and roles of member accounts; a service principal is neither.',
    source: `${organizationsGuide}/orgs_manage_policies_scps.html`,
    applies: ({ principal }, { serviceControlPolicies }) =>
      principal.service !== undefined && serviceControlPolicies !== undefined,
  },
  {
    id: 'kms-retire-grant',
    rule: 'Resource control policies do not affect kms:RetireGrant.',
    source: `${organizationsGuide}/orgs_manage_policies_rcps.html`,
    applies: ({ action }, { resourceControlPolicies }) =>
      action.toLowerCase() === 'kms:retiregrant' && resourceControlPolicies !== undefined,
  },
  {
    id: 'variable-without-value',
    rule: 'A variable without a value is null: inverted operators match, and a resource that holds one matches no resource.',
    source: `${iamGuide}/reference_policies_variables.html#policy-vars-no-value`,
    applies: (request, policies) => {
      const keys = requestKeys(request);
      return (
        testsOf(policies).some(
          ({ base, values }) => operators[base]?.negated === true && values.some((value) => lacksValue(value, keys)),
        ) || resourcesOf(policies).some((resource) => lacksValue(resource, keys))
      );
    },
  },
  {
    id: 'escape-in-literal',
    rule: `The variables ${['*', '?', '$'].map((name) => policyVariable(name)).join(', ')} have fixed values, under operators without wildcards too.`,
    source: `${iamGuide}/reference_policies_variables.html#policy-vars-specialchars`,
    applies: (_request, policies) =>
      testsOf(policies).some(
        ({ base, values }) =>
          /^(StringNot|String)Equals/.test(base) && values.some((value) => /\$\{[*?$]\}/.test(value)),
      ),
  },
  {
    id: 'variable-in-arn-field',
    rule: 'A policy variable may stand in any field of an ARN, the account field among them.',
    source: `${iamGuide}/reference_policies_elements_condition_operators.html#Conditions_ARN`,
    applies: (_request, policies) =>
      testsOf(policies).some(({ base, values }) => base.startsWith('Arn') && values.some(variableBeforeLastField)) ||
      resourcesOf(policies).some(variableBeforeLastField),
  },
  {
    id: 'ipv4-all',
    rule: 'IP operators take any CIDR block, 0.0.0.0/0 too, which holds every IPv4 address.',
    source: `${iamGuide}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    applies: (_request, policies) =>
      testsOf(policies).some(
        ({ base, values }) => base.endsWith('IpAddress') && values.some((value) => /^[\d.]+\/0$/.test(value)),
      ),
  },
  {
    id: 'address-of-other-family',
    rule: 'An address without a prefix is a block of one; an address of the other family is not in it.',
    source: `${iamGuide}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    applies: (request, policies) => {
      const keys = requestKeys(request);
      return testsOf(policies).some(({ base, key, values }) => {
        const asked = [keys.get(key.toLowerCase()) ?? []].flat();
        return (
          base === 'NotIpAddress' &&
          asked.some((at) => values.some((value) => !value.includes('/') && value.includes(':') !== at.includes(':')))
        );
      });
    },
  },
  {
    id: 'epoch-seconds',
    rule: 'Dates are ISO 8601 or seconds since the epoch, and both name one instant.',
    source: `${iamGuide}/reference_policies_elements_condition_operators.html#Conditions_Date`,
    applies: (request, policies) => {
      const keys = requestKeys(request);
      return testsOf(policies).some(({ base, key, values }) => {
        const asked = [keys.get(key.toLowerCase()) ?? []].flat();
        return base.startsWith('Date') && asked.some((at) => values.some((value) => isEpoch(value) !== isEpoch(at)));
      });
    },
  },
];
