import type { Statement } from '../../policy/document.ts';
import { listOf } from '../../policy/list.ts';
import { conditionEntries } from '../conditions.ts';
import { condition, onlyWithout, rest, type StatementMutant, withEntry, without } from './edit.ts';

const lists = ['Action', 'NotAction', 'Resource', 'NotResource'] as const;

/** As if an action or resource were forgotten; requests that lack a key still meet it, for those have cases of their own. */
export const fewerElements = (statement: Statement): readonly StatementMutant[] =>
  lists.flatMap((name) => {
    const list = listOf(statement[name]);
    return list
      .filter(() => list.length > 1)
      .map((element) => ({
        name: `without ${element} in ${name}`,
        to: [
          { ...statement, [name]: list.filter((other) => other !== element) },
          ...(name.startsWith('Not') ? [] : onlyWithout({ ...statement, [name]: [element] })),
        ],
      }));
  });

const reads: readonly string[] = ['ec2:Describe*', 'iam:Get*', 'iam:List*', 's3:Get*', 's3:List*', 'sts:*'];

/** As if a condition were forgotten for what only reads, or for the rest: what a statement about all actions can get wrong. */
export const unconditional = (statement: Statement): readonly StatementMutant[] =>
  listOf(statement.Action).includes('*') || statement.NotAction !== undefined
    ? conditionEntries(statement.Condition).flatMap(({ operator, key }) => {
        const Condition = withEntry(without(condition(statement), operator, key), 'Null', key, ['false']);
        return [
          {
            name: `without ${operator} ${key} for reads`,
            to: [statement, { ...rest(statement), Action: reads, Condition }],
          },
          {
            name: `without ${operator} ${key} but for reads and IAM`,
            to: [
              statement,
              { ...rest(statement), NotAction: [...listOf(statement.NotAction), ...reads, 'iam:*'], Condition },
            ],
          },
        ];
      })
    : [];

/** The services that a statement names. */
export const servicesOf = (statement: Statement): readonly string[] => [
  ...new Set(listOf(statement.Action).map((action) => action.split(':')[0] ?? '')),
];

/** As if a statement were about more: all actions of a service, all resources, other principals. */
export const wider = (statement: Statement): readonly StatementMutant[] => {
  const { Resource: _, NotResource: __, ...noResource } = statement;
  const allActions =
    statement.NotAction === undefined && !listOf(statement.Action).includes('*')
      ? servicesOf(statement).map((service) => `${service}:*`)
      : ['*'];
  const principals = conditionEntries(statement.Condition).find(
    ({ operator, key }) => key === 'aws:PrincipalArn' && !operator.includes('Not'),
  );
  return [
    ...allActions.flatMap((action) => [
      { name: `for ${action}`, to: [statement, { ...rest(statement), Action: action }] },
      {
        name: `for ${action} without resources`,
        to: [statement, { ...rest(noResource), Action: action, NotResource: 'arn:*' }],
      },
      {
        name: `for reads of ${action}`,
        to: [
          statement,
          { ...rest(statement), Action: ['Describe*', 'Get*', 'List*'].map((verb) => action.replace('*', verb)) },
        ],
      },
    ]),
    { name: 'for all resources', to: [{ ...noResource, Resource: '*' }] },
    ...listOf(statement.Action).map((action) => ({
      name: `for all resources of ${action}`,
      to: [statement, { ...noResource, Action: action, Resource: '*' }],
    })),
    ...(principals === undefined
      ? []
      : ['arn:*:iam::*:role/*', 'arn:*:iam::*:user/*'].map((pattern) => ({
          name: `for ${pattern} too`,
          to: [
            {
              ...statement,
              Condition: withEntry(condition(statement), principals.operator, principals.key, [
                ...principals.values,
                pattern,
              ]),
            },
          ],
        }))),
  ];
};
