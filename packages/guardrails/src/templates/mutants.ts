import type { Conditions, PolicyDocument, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import { conditionEntries, holdsWithout } from './conditions.ts';

/** A document with one fault in it. */
export interface Mutant {
  readonly name: string;
  /** True where at least one case must notice; the others say what a case is for. */
  readonly mustFail: boolean;
  readonly document: PolicyDocument;
}

type StatementMutant = { readonly name: string; readonly mustFail?: boolean; readonly to: readonly Statement[] };

const without = (conditions: Conditions, operator: string, key: string): Conditions =>
  Object.fromEntries(
    Object.entries(conditions).flatMap(([name, keys]) => {
      const left = Object.entries(keys).filter(([other]) => name !== operator || other !== key);
      return left.length === 0 ? [] : [[name, Object.fromEntries(left)]];
    }),
  );

const withEntry = (conditions: Conditions, operator: string, key: string, values: readonly string[]): Conditions => ({
  ...conditions,
  [operator]: { ...conditions[operator], [key]: values },
});

const condition = (statement: Statement): Conditions => statement.Condition ?? {};

const withValues = (
  statement: Statement,
  { operator, key, values }: { readonly operator: string; readonly key: string; readonly values: readonly string[] },
): Statement => ({ ...statement, Condition: withEntry(condition(statement), operator, key, values) });

/** As if one of several values were forgotten; for a value that lets something through, also in one action alone. */
const withoutValue = (
  statement: Statement,
  left: { readonly operator: string; readonly key: string; readonly values: readonly string[] },
  value: string,
): readonly StatementMutant[] => {
  const { operator, key } = left;
  const name = `without the value ${value} of ${operator} ${key}`;
  const shorter = withValues(statement, left);
  if (holdsWithout(operator, left.values))
    return [
      { name, mustFail: true, to: [shorter] },
      ...listOf(statement.Action).map((Action) => ({
        name: `${name} in ${Action}`,
        to: [statement, { ...shorter, Action }],
      })),
    ];
  // Requests that lack another key have cases of their own.
  const others = onlyWithout(withValues(statement, { operator, key, values: [value] }));
  return [
    { name, mustFail: true, to: [shorter, ...others.filter(({ Condition }) => Condition?.Null?.[key] === undefined)] },
  ];
};

const fewerValues = (statement: Statement): readonly StatementMutant[] =>
  conditionEntries(statement.Condition).flatMap(({ operator, key, values }) => [
    {
      name: `without the condition ${operator} ${key}`,
      mustFail: true,
      to: [{ ...statement, Condition: without(condition(statement), operator, key) }],
    },
    ...(values.length > 1 ? values : []).flatMap((value) =>
      withoutValue(statement, { operator, key, values: values.filter((other) => other !== value) }, value),
    ),
  ]);

const keysOf = (statement: Statement): readonly string[] => [
  ...new Set(conditionEntries(statement.Condition).map(({ key }) => key)),
];

const withoutKey = (statement: Statement, key: string): Conditions =>
  conditionEntries(statement.Condition)
    .filter((entry) => entry.key === key)
    .reduce((conditions, { operator }) => without(conditions, operator, key), condition(statement));

/** As if a request without the key were taken the other way, in all actions or in one. */
const otherWithoutKey = (statement: Statement): readonly StatementMutant[] =>
  keysOf(statement).flatMap((key) => {
    const own = conditionEntries(statement.Condition).filter((entry) => entry.key === key);
    const name = `with requests without ${key} taken the other way`;
    if (own.every(({ operator, values }) => holdsWithout(operator, values)))
      return [{ name, to: [{ ...statement, Condition: withEntry(condition(statement), 'Null', key, ['false']) }] }];
    const also = { ...statement, Condition: withEntry(withoutKey(statement, key), 'Null', key, ['true']) };
    return [
      { name, to: [statement, also] },
      ...listOf(statement.Action).map((Action) => ({
        name: `${name} in ${Action}`,
        to: [statement, { ...also, Action }],
      })),
    ];
  });

const onlyWithout = (statement: Statement): readonly Statement[] =>
  keysOf(statement)
    .filter((key) =>
      conditionEntries(statement.Condition).every(
        (entry) => entry.key !== key || holdsWithout(entry.operator, entry.values),
      ),
    )
    .map((key) => ({
      ...statement,
      Condition: withEntry(condition(statement), 'Null', key, ['true']),
    }));

/** As if only requests that lack a key were meant. */
/** As if a condition were forgotten, but for requests that lack the key: those have a case of their own. */
const givenButIgnored = (statement: Statement): readonly StatementMutant[] =>
  conditionEntries(statement.Condition).flatMap(({ operator, key, values }) => {
    const name = `with any ${key} taken for one that fits ${operator}`;
    const ignoring = {
      ...statement,
      Condition: withEntry(without(condition(statement), operator, key), 'Null', key, ['false']),
    };
    return [
      ...(holdsWithout(operator, values) ? [] : [{ name, to: [ignoring] }]),
      ...listOf(statement.Action).map((Action) => ({
        name: `${name} in ${Action}`,
        to: [statement, { ...ignoring, Action }],
      })),
    ];
  });

/** How far a bound is moved for a mutant: versions go by tenths, all else by whole numbers. */
const steps: Readonly<Record<string, number>> = { NumericGreaterThan: -1, NumericLessThan: 0.05 };

/** As if a bound were a little tighter, or the only value that is right. */
const otherBounds = (statement: Statement): readonly StatementMutant[] =>
  conditionEntries(statement.Condition).flatMap(({ operator, key, values }) => {
    const step = steps[operator];
    if (step === undefined) return [];
    const unbound = without(condition(statement), operator, key);
    const tighter = withEntry(
      unbound,
      operator,
      key,
      values.map((value) => `${Number(value) + step}`),
    );
    const other = withEntry(withEntry(unbound, 'NumericNotEquals', key, values), 'Null', key, ['false']);
    return [
      { name: `with a tighter bound of ${key}`, to: [{ ...statement, Condition: tighter }] },
      { name: `with any other ${key}`, to: [{ ...statement, Condition: other }] },
    ];
  });

const onlyWithoutKeys = (statement: Statement): readonly StatementMutant[] =>
  statement.Condition === undefined ? [] : [{ name: 'for requests that lack a key alone', to: onlyWithout(statement) }];

const lists = ['Action', 'NotAction', 'Resource', 'NotResource'] as const;

/** As if an action or resource were forgotten; requests that lack a key still meet it, for those have cases of their own. */
const fewerElements = (statement: Statement): readonly StatementMutant[] =>
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
const unconditional = (statement: Statement): readonly StatementMutant[] =>
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

const servicesOf = (statement: Statement): readonly string[] => [
  ...new Set(listOf(statement.Action).map((action) => action.split(':')[0] ?? '')),
];

type Actionless = Omit<Statement, 'Action' | 'NotAction'>;

const rest = ({ Action: _, NotAction: __, ...others }: Statement): Actionless => others;

const wider = (statement: Statement): readonly StatementMutant[] => {
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

/** A statement too many, that denies all services which the document does not name. */
const denyTheRest = (document: PolicyDocument): Statement => ({
  Effect: 'Deny',
  NotAction: document.Statement.flatMap((statement) =>
    statement.NotAction === undefined
      ? servicesOf(statement).map((service) => (service === '*' ? '*' : `${service}:*`))
      : ['*'],
  ),
  Resource: '*',
});

/** A statement too many, that denies the document's own actions to requests that lack all of its keys. */
const denyKeyless = (document: PolicyDocument): Statement => ({
  Effect: 'Deny',
  Action: document.Statement.flatMap(({ Action }) => listOf(Action)),
  Resource: '*',
  Condition: {
    Null: Object.fromEntries(
      document.Statement.flatMap(keysOf)
        .filter((key) => key !== 'aws:PrincipalArn')
        .map((key) => [key, 'true']),
    ),
  },
});

/** The faults that the cases of a document are measured by. */
export const mutantsOf = (document: PolicyDocument): readonly Mutant[] => {
  const replaced = (index: number, to: readonly Statement[]): PolicyDocument => ({
    ...document,
    Statement: document.Statement.toSpliced(index, 1, ...to),
  });
  return [
    ...document.Statement.flatMap((statement, index) => {
      const mutants: readonly StatementMutant[] = [
        { name: 'taken out', mustFail: true, to: [] },
        ...fewerValues(statement),
        ...otherWithoutKey(statement),
        ...onlyWithoutKeys(statement),
        ...givenButIgnored(statement),
        ...otherBounds(statement),
        ...fewerElements(statement),
        ...wider(statement),
        ...unconditional(statement),
      ];
      return mutants.map(({ name, mustFail = false, to }) => ({
        name: `${statement.Sid ?? `statement ${index}`} ${name}`,
        mustFail,
        document: replaced(index, to),
      }));
    }),
    {
      name: 'with requests denied that lack every key',
      mustFail: false,
      document: { ...document, Statement: [...document.Statement, denyKeyless(document)] },
    },
    {
      name: 'with all other services denied',
      mustFail: false,
      document: { ...document, Statement: [...document.Statement, denyTheRest(document)] },
    },
  ];
};
