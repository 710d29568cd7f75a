import type { ActionData } from '../actions/facts.ts';
import { loadActionData } from '../actions.ts';
import type { PolicyType } from '../policy/document.ts';
import { readPolicy } from '../policy/parse.ts';
import { policyTypeOf } from '../policy/type-of.ts';
import { deadActions } from './actions.ts';
import { conditions } from './conditions.ts';
import { length, resourceControl } from './control-policy.ts';
import { disabling } from './disabling.ts';
import { defaultEncryption } from './encryption.ts';
import { exemptions } from './exemptions.ts';
import type { LintFinding, LintRule } from './finding.ts';
import { neverMatches } from './never.ts';
import { placeholders } from './placeholders.ts';
import { principals } from './principals.ts';
import { regions } from './regions.ts';
import { deadResources } from './resources.ts';

/** How a policy is checked. */
export interface LintOptions {
  /** By default a policy is a resource control policy when most of its statements deny with `Principal` `*`. */
  readonly type?: PolicyType;
  /** Principals with `*` for the account, `arn:aws:iam::*:role/Name`, that exist in every account and so need no protection. */
  readonly existsEverywhere?: readonly string[];
  /** The actions of AWS; those of this package by default. */
  readonly data?: ActionData;
}

const rules: readonly LintRule[] = [
  length,
  resourceControl,
  placeholders,
  deadActions,
  deadResources,
  conditions,
  neverMatches,
  defaultEncryption,
  disabling,
  regions,
  exemptions,
];

/**
 * Finds what makes a policy do something else than it says: actions that do not exist, operators that never match,
 * exemptions that anybody can give himself, and the other rules of `lintRules`. Takes JSON as it comes; never throws for
 * a policy.
 *
 * @example
 * ```ts
 * import { lintPolicy } from '@remedykit/guardrails/lint';
 *
 * const policy: unknown = JSON.parse('{"Version":"2012-10-17","Statement":[]}');
 * for (const { code, path, message, fix } of lintPolicy(policy)) console.log(code, path, message, fix);
 * ```
 */
export const lintPolicy = (policy: unknown, options: LintOptions = {}): readonly LintFinding[] => {
  const { document, faults } = readPolicy(policy);
  const { type = policyTypeOf(document), existsEverywhere = [], data = loadActionData() } = options;
  const structure = faults.map((fault): LintFinding => ({ code: 'invalid-structure', ...fault }));
  const context = { document, type, existsEverywhere, data };
  return [...structure, ...principals(policy, type), ...rules.flatMap((rule) => rule(context))];
};
