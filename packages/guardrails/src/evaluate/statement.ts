import type { PolicyType, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import type { AccessRequest } from '../policy/request.ts';
import { type ConditionResult, conditionResults } from './condition.ts';
import { type RequestKeys, variablesOf } from './context.ts';
import { actionMatches } from './match-action.ts';
import { resourceMatches } from './match-resource.ts';

/** How a statement sees a request: it applies when all three hold. */
export interface StatementMatch {
  readonly action: boolean;
  readonly resource: boolean;
  readonly conditions: readonly ConditionResult[];
}

/** True when the statement is about the request. */
export const statementApplies = ({ action, resource, conditions }: StatementMatch): boolean =>
  action && resource && conditions.every((condition) => condition.holds);

/** Compares a statement with a request, element by element. */
export const matchStatement = (
  statement: Statement,
  request: AccessRequest,
  { type, keys }: { readonly type: PolicyType; readonly keys: RequestKeys },
): StatementMatch => {
  const actions = (list: Statement['Action']): boolean =>
    listOf(list).some((action) => actionMatches(action, request.action));
  const options = { type, lookup: variablesOf(keys) };
  const resources = (list: Statement['Resource']): boolean =>
    listOf(list).some((resource) => resourceMatches(resource, request.resource, options));
  return {
    action: statement.NotAction === undefined ? actions(statement.Action) : !actions(statement.NotAction),
    resource: statement.NotResource === undefined ? resources(statement.Resource) : !resources(statement.NotResource),
    conditions: conditionResults(statement.Condition, keys),
  };
};
