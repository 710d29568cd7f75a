import { globalServices } from '../data/global-services.ts';
import { actionMatches } from '../evaluate/match-action.ts';
import { operators } from '../evaluate/operators/index.ts';
import { statementsOf } from './elements.ts';
import type { LintRule } from './finding.ts';

/** What only a request through a VPC endpoint carries: it comes to the services that the VPC has endpoints for, in its Region. */
const throughEndpoint = /^aws:sourcevpc(e|arn)?$/i;

/** Restrictions to some Regions that cut off services which answer from one Region alone. */
export const regions: LintRule = ({ document, data }) =>
  statementsOf(document).flatMap(({ statement, path, tests, actions }) => {
    const restricts = tests.some(
      ({ key, name }) => key.toLowerCase() === 'aws:requestedregion' && operators[name?.base ?? '']?.negated,
    );
    const broad = statement.NotAction !== undefined || actions.some(({ text }) => text === '*');
    const narrow = tests.some(
      ({ key, name }) =>
        throughEndpoint.test(key) && name?.ifExists === false && operators[name.base]?.negated === false,
    );
    if (statement.Effect !== 'Deny' || !restricts || !broad || narrow) return [];
    const open = statement.NotAction === undefined ? [] : actions;
    const missing = globalServices.data.filter((entry) =>
      data.actionsLike(entry).some(({ action }) => !open.some(({ text }) => actionMatches(text, action))),
    );
    if (missing.length === 0) return [];
    return [
      {
        code: 'global-service-missing',
        path: `${path}.${statement.NotAction === undefined ? 'Action' : 'NotAction'}`,
        message: `NotAction misses ${missing.length} global services (as of ${globalServices.asOf}): ${missing.join(', ')}.`,
        fix: 'Add them to NotAction.',
      },
    ];
  });
