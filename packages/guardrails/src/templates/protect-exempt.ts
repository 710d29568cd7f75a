import { roleChanges, userChanges } from '../data/principal-changes.ts';
import type { AccessRequest } from '../policy/request.ts';
import { arnParts } from './arn.ts';
import { principalOf } from './cases.ts';
import type { StatementDraft } from './draft.ts';
import type { ManagedPrincipals } from './exemptions.ts';
import { exampleOf, neighbourOf } from './glob.ts';

/**
 * Denies creating, passing and changing the principals that a wildcard exempts, but to those that manage them: else every
 * administrator of an account could make himself exempt.
 */
export const protectExempt = (
  managed: readonly ManagedPrincipals[],
  { context, stopsIam }: { readonly context: AccessRequest['context']; readonly stopsIam: boolean },
): readonly StatementDraft[] =>
  managed.map(({ patterns, managedBy }, index) => {
    const isUser = (arn: string): boolean => arnParts(arn).resource.startsWith('user/');
    const roles = patterns.filter((arn) => !isUser(arn));
    const users = patterns.filter(isUser);
    // An exempt principal asks: nothing else in the guardrail is about it.
    const principal = principalOf(exampleOf(patterns[0] ?? ''));
    const examples = patterns.map((arn) => ({
      principal,
      context,
      action: isUser(arn) ? 'iam:CreateUser' : 'iam:CreateRole',
      resource: exampleOf(arn),
    }));
    const [first = { action: 'iam:CreateRole', resource: '*', principal, context }, ...rest] = examples;
    const neighbour = neighbourOf(first.resource, patterns);
    return {
      sid: `ProtectExempt${index === 0 ? '' : index + 1}`,
      action: [...(roles.length > 0 ? roleChanges : []), ...(users.length > 0 ? userChanges : [])],
      resource: patterns,
      condition: { ArnNotLike: { 'aws:PrincipalArn': managedBy } },
      exempts: 'none',
      ...(stopsIam ? { provenElsewhere: { keys: ['aws:PrincipalArn'] } } : {}),
      denied: [first, ...rest],
      nearMisses: [
        { action: isUser(first.resource) ? 'iam:GetUser' : 'iam:GetRole' },
        ...(neighbour === undefined ? [] : [{ resource: neighbour }]),
        ...managedBy.map((arn) => ({ principal: principalOf(arn) })),
      ],
    };
  });
