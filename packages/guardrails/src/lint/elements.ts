import { type OperatorName, parseOperator } from '../evaluate/condition.ts';
import type { PolicyDocument, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';

/** A text of a policy and where it stands. */
export interface Placed {
  readonly path: string;
  readonly text: string;
}

/** One key under one operator. */
export interface PlacedTest {
  readonly path: string;
  readonly operator: string;
  /** Undefined for an operator that IAM does not know. */
  readonly name: OperatorName | undefined;
  readonly key: string;
  readonly values: readonly string[];
}

/** A statement with the paths of what it holds. */
export interface PlacedStatement {
  readonly statement: Statement;
  readonly path: string;
  readonly actions: readonly Placed[];
  readonly resources: readonly Placed[];
  readonly tests: readonly PlacedTest[];
}

const listed = (
  statement: Statement,
  path: string,
  ...names: ('Action' | 'NotAction' | 'Resource' | 'NotResource')[]
) =>
  names.flatMap((name): readonly Placed[] => {
    const value = statement[name];
    if (typeof value === 'string') return [{ path: `${path}.${name}`, text: value }];
    return listOf(value).map((text, index) => ({ path: `${path}.${name}[${index}]`, text }));
  });

const testsOf = ({ Condition = {} }: Statement, path: string): readonly PlacedTest[] =>
  Object.entries(Condition).flatMap(([operator, byKey]) =>
    Object.entries(byKey).map(([key, values]) => ({
      path: `${path}.Condition.${operator}.${key}`,
      operator,
      name: parseOperator(operator),
      key,
      values: listOf(values),
    })),
  );

/** The statements of a document, each element with its path. */
export const statementsOf = ({ Statement: statements }: PolicyDocument): readonly PlacedStatement[] =>
  statements.map((statement, index) => {
    const path = `Statement[${index}]`;
    return {
      statement,
      path,
      actions: listed(statement, path, 'Action', 'NotAction'),
      resources: listed(statement, path, 'Resource', 'NotResource'),
      tests: testsOf(statement, path),
    };
  });
