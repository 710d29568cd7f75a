import { arnParts, hasWildcard, parseArn } from './arn.ts';
import type { Exemption, Exemptions } from './guardrail.ts';
import { invalidParameter, unprotectedExemption } from './invalid.ts';
import { atLeastOne, type Partition } from './names.ts';
import { literal } from './placeholder.ts';

/** Principals matched by a wildcard, and the only ones that may create, pass or change them. */
export interface ManagedPrincipals {
  readonly patterns: readonly string[];
  readonly managedBy: readonly string[];
}

/** Exemptions that hold now, checked. */
export interface ResolvedExemptions {
  readonly principals: readonly string[];
  readonly resources: readonly string[];
  readonly actions: readonly string[];
  readonly managed: readonly ManagedPrincipals[];
}

/** The kinds of exemptions that a template understands. */
export type ExemptionKind = keyof Exemptions;

/** What exemptions are judged against. */
export interface ExemptionRules {
  readonly takes: readonly ExemptionKind[];
  readonly partition: Partition;
  readonly now: Date;
  /** Says that the policy can protect IAM principals by itself: a service control policy can, a resource control policy cannot. */
  readonly protects: boolean;
}

const checkWords = (where: string, { value, reason, expires }: Exemption): void => {
  if (reason.trim() === '') throw invalidParameter(where, `the exemption of "${value}" needs a reason.`);
  literal(where, reason);
  if (Number.isNaN(expires.getTime()))
    throw invalidParameter(where, `the exemption of "${value}" needs a valid "expires".`);
};

const current = (where: string, list: readonly Exemption[] | undefined, now: Date): readonly Exemption[] =>
  (list ?? []).filter((exemption) => {
    checkWords(where, exemption);
    return exemption.expires.getTime() > now.getTime();
  });

/** A service-linked role is beyond service and resource control policies, so that an exemption of it would mean nothing. */
const checkPrincipal = (where: string, value: string, partition: Partition): void => {
  parseArn(where, value, { partition, services: ['iam'] });
  literal(where, value);
  const { resource } = arnParts(value);
  if (resource !== 'root' && !/^(?:role|user)\/./.test(resource))
    throw invalidParameter(
      where,
      `"${value}" is no principal: exempt a role, a user or an account's root by its IAM ARN (of a session, the role's).`,
    );
};

const checkManaged = (where: string, exemption: Exemption, { partition, protects }: ExemptionRules): void => {
  const { value, managedBy = [], existsEverywhere } = exemption;
  if (!hasWildcard(value)) return;
  if (!protects)
    throw unprotectedExemption(
      where,
      `"${value}" holds a wildcard, and a resource control policy cannot protect IAM principals. Give exact ARNs.`,
    );
  if (managedBy.length === 0)
    throw unprotectedExemption(
      where,
      `"${value}" holds a wildcard: whoever can create or change a principal that matches is exempt. Say in "managedBy" which exact ARNs may.`,
    );
  for (const arn of managedBy) {
    parseArn(where, arn, { partition, services: ['iam'], exact: true });
    checkPrincipal(where, arn, partition);
  }
  if (hasWildcard(arnParts(value).account) && existsEverywhere !== true)
    throw unprotectedExemption(
      where,
      `"${value}" is open to any account in which it does not exist yet. Name the accounts, or say "existsEverywhere: true" if every account has it.`,
    );
};

/** Patterns by who manages them; who manages one pattern by several exemptions does so together. */
const groupManaged = (exemptions: readonly Exemption[]): readonly ManagedPrincipals[] => {
  const managers = new Map<string, Set<string>>();
  for (const { value, managedBy = [] } of exemptions) {
    if (hasWildcard(value)) managers.set(value, new Set([...(managers.get(value) ?? []), ...managedBy]));
  }
  const groups = new Map<string, ManagedPrincipals>();
  for (const [pattern, arns] of managers) {
    const managedBy = [...arns].toSorted();
    const patterns = [...(groups.get(managedBy.join())?.patterns ?? []), pattern];
    groups.set(managedBy.join(), { patterns, managedBy });
  }
  return [...groups.values()];
};

const checkAction = (where: string, value: string): void => {
  if (!/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(literal(where, value)))
    throw invalidParameter(where, `"${value}" is no action, as "s3:GetObject" is.`);
};

/**
 * The exemptions that hold at `now`. An expired one is left out, so that the guardrail bites again; nothing else is.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`; also for
 * exemptions that the template has no place for
 */
export const resolveExemptions = (
  where: string,
  exemptions: Exemptions | undefined,
  rules: ExemptionRules,
): ResolvedExemptions => {
  const { takes, partition, now } = rules;
  const kinds: readonly ExemptionKind[] = ['exemptedPrincipalArns', 'exemptedResourceArns', 'exemptedActions'];
  for (const kind of kinds) {
    if (!takes.includes(kind) && (exemptions?.[kind]?.length ?? 0) > 0)
      throw invalidParameter(where, `takes no "${kind}"${takes.length > 0 ? `, only ${takes.join(' and ')}` : ''}.`);
  }
  const principals = current(where, exemptions?.exemptedPrincipalArns, now);
  const resources = current(where, exemptions?.exemptedResourceArns, now);
  const actions = current(where, exemptions?.exemptedActions, now);
  for (const exemption of principals) {
    checkPrincipal(where, exemption.value, partition);
    checkManaged(where, exemption, rules);
  }
  for (const { value } of resources) parseArn(where, value, { partition });
  for (const { value } of actions) checkAction(where, value);
  const values = (list: readonly Exemption[]): readonly string[] => [...new Set(list.map(({ value }) => value))];
  return {
    principals: values(principals),
    resources: values(resources),
    actions: values(actions),
    managed: groupManaged(principals),
  };
};

/** At least one exact ARN of a principal, checked. */
export const parsePrincipals = (
  where: string,
  name: string,
  arns: readonly string[],
  partition: Partition,
): readonly string[] =>
  atLeastOne(where, name, arns).map((arn) => {
    checkPrincipal(where, parseArn(where, arn, { partition, services: ['iam'], exact: true }), partition);
    return arn;
  });
