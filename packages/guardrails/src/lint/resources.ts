import type { ActionFacts } from '../actions/facts.ts';
import { arnFields } from '../evaluate/arn.ts';
import { statementsOf } from './elements.ts';
import type { LintContext, LintFinding, LintRule } from './finding.ts';
import { arnsOverlap } from './overlap.ts';
import { hasPlaceholder } from './placeholders.ts';

/** A service control policy may end an ARN early with a star. */
const full = (resource: string): string => {
  const missing = 6 - resource.split(':').length;
  return resource.endsWith('*') && missing > 0 ? `${resource}${':*'.repeat(missing)}` : resource;
};

const takes = ({ action, resourceTypes }: ActionFacts, resource: string, { data }: LintContext): boolean => {
  const [service = ''] = action.split(':');
  return resourceTypes.some((type) => arnsOverlap(data.resourceArn(service, type) ?? '', resource));
};

const malformed = (path: string, text: string): LintFinding => ({
  code: 'dead-resource',
  path,
  message: `${JSON.stringify(text)} is no ARN.`,
  fix: 'Write *, or an ARN with six fields: arn:aws:s3:::bucket.',
});

/** Resources that no action of their statement takes, and actions that take none of its resources. */
export const deadResources: LintRule = (context) =>
  statementsOf(context.document).flatMap(({ statement, actions, resources }) => {
    const arns = resources.filter(({ text }) => text !== '*').map((one) => ({ ...one, arn: full(one.text) }));
    const broken = arns
      .filter(({ arn }) => arnFields(arn) === undefined)
      .map(({ path, text }) => malformed(path, text));
    const everything = statement.NotAction !== undefined || actions.some(({ text }) => text === '*');
    if (broken.length > 0 || everything || arns.length < resources.length) return broken;
    const facts = actions.map((action) => ({ ...action, found: context.data.actionsLike(action.text) }));
    const lost = arns.filter(
      ({ arn, text }) =>
        !hasPlaceholder(text) && !facts.some(({ found }) => found.some((one) => takes(one, arn, context))),
    );
    const idle = facts.filter(
      ({ found }) =>
        found.length > 0 &&
        !arns.some(({ text }) => hasPlaceholder(text)) &&
        !found.some((one) => arns.some(({ arn }) => takes(one, arn, context))),
    );
    return [
      ...lost.map(
        ({ path, text }): LintFinding => ({
          code: 'dead-resource',
          path,
          message: `No action of the statement takes ${text} for a resource (as of ${context.data.asOf}).`,
          fix: 'Correct the ARN, or write *.',
        }),
      ),
      // NotResource lists what is left alone: an action that takes none of it is denied everywhere, as it says.
      ...(statement.NotResource === undefined ? idle : []).map(
        ({ path, text }): LintFinding => ({
          code: 'dead-resource',
          path,
          message: `${text} takes none of the resources of the statement (as of ${context.data.asOf}).`,
          fix: 'Move it to a statement about its own resources, or about *.',
        }),
      ),
    ];
  });
