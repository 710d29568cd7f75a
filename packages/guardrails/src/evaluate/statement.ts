import type { PolicyType, Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import type { AccessRequest } from '../policy/request.ts';
import { type ConditionResult, conditionResults } from './condition.ts';
import { type RequestKeys, variablesOf } from './context.ts';
import { lowerActionMatches } from './match-action.ts';
import { resourceMatches } from './match-resource.ts';

/** How a statement sees a request: it applies when all three hold. */
export interface StatementMatch {
  readonly action: boolean;
  readonly resource: boolean;
  /** Looked at only where action and resource match. */
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
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const asked = request.action.toLowerCase();
  const actions = (list: Statement['Action']): boolean =>
    listOf(list).some((action) => lowerActionMatches(action, asked));
  const action = NotAction === undefined ? actions(Action) : !actions(NotAction);
  if (!action) return { action, resource: false, conditions: [] };
  const options = { type, lookup: variablesOf(keys) };
  const resources = (list: Statement['Resource']): boolean =>
    listOf(list).some((resource) => resourceMatches(resource, request.resource, options));
  const resource = NotResource === undefined ? resources(Resource) : !resources(NotResource);
  return { action, resource, conditions: resource ? conditionResults(Condition, keys) : [] };
};
