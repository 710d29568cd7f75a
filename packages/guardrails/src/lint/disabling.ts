import { actionMatches } from '../evaluate/match-action.ts';
import { disablingActions } from './disabling-actions.ts';
import { statementsOf } from './elements.ts';
import type { LintRule } from './finding.ts';

/** Actions that undo what the policy denies, and that it leaves open. */
export const disabling: LintRule = ({ document }) => {
  const denied = statementsOf(document)
    .filter(({ statement, tests }) => {
      // A test of the request's own content denies a way of doing it (a waiting time that is too short), not the action.
      const ofAction = tests.some(({ key }) => !key.toLowerCase().startsWith('aws:'));
      return statement.Effect === 'Deny' && statement.NotAction === undefined && !ofAction;
    })
    .flatMap(({ actions }) => actions);
  const denial = (action: string) => denied.find(({ text }) => actionMatches(text, action));
  return disablingActions.data.flatMap(([thing, ...group]) => {
    const missing = group.filter((action) => denial(action) === undefined);
    const first = group.map(denial).find((found) => found !== undefined);
    if (first === undefined || missing.length === 0) return [];
    return [
      {
        code: 'disabling-action-missing',
        path: first.path,
        message: `The policy protects ${thing} by ${first.text}, and leaves open ${missing.join(', ')} (as of ${disablingActions.asOf}).`,
        fix: `Deny ${missing.join(', ')} as well.`,
      },
    ];
  });
};
