import type { PolicyDocument, Statement } from '../../policy/document.ts';
import { listOf } from '../../policy/list.ts';
import { fewerValues, givenButIgnored, onlyWithoutKeys, otherBounds, otherWithoutKey } from './conditions.ts';
import { keysOf, type StatementMutant } from './edit.ts';
import { fewerElements, servicesOf, unconditional, wider } from './elements.ts';

/** A document with one fault in it. */
export interface Mutant {
  readonly name: string;
  /** True where at least one case must notice; the others say what a case is for. */
  readonly mustFail: boolean;
  readonly document: PolicyDocument;
}

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
