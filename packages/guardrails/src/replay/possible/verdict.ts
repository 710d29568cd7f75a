import type { PolicySet } from '../../evaluate/evaluate.ts';
import type { PolicyType, Statement } from '../../policy/document.ts';
import type { ShownKeys } from '../event/keys.ts';
import type { MetResource } from '../event/resources.ts';
import { type Certainty, every, some } from './certainty.ts';
import { type Asked, type AskedAction, aboutAction, aboutResource, conditionsHeld } from './statement.ts';

/** Where a statement stands. */
export interface StatementPlace {
  readonly type: PolicyType;
  readonly target: string;
  readonly policy: string;
  /** Its place in the document, from 0. */
  readonly index: number;
  readonly sid?: string;
}

/** A statement that may have denied, and what the event would have to show: condition keys in lower case, `resource`, `action`. */
export interface OpenStatement {
  readonly statement: StatementPlace;
  readonly missing: readonly string[];
}

/** What policies say of an action on the resources of a call, as far as the event shows them. */
export interface PossibleVerdict {
  readonly deniedBy: readonly StatementPlace[];
  /** The first level of service control policies that surely allows nothing of the kind. */
  readonly missingAllowAt?: string;
  /** What might deny beside; an empty list with neither of the above says that nothing denies. */
  readonly open: readonly OpenStatement[];
  /** The first level that may allow nothing of the kind, and what would have to be known. */
  readonly openAllow?: { readonly target: string; readonly missing: readonly string[] };
}

interface Placed {
  readonly place: StatementPlace;
  readonly statement: Statement;
  /** Number of its level. */
  readonly level: number;
}

interface Candidate extends Placed {
  readonly about: Certainty;
}

/** Policies, ready to be asked a million times. */
export interface Policies {
  /** Whether there is any policy of the type. */
  has(type: PolicyType): boolean;
  /** How many statements there are. */
  readonly statements: number;
  /** Whether an action's resources make a difference. */
  needsResources(asked: AskedAction): boolean;
  ask(asked: AskedAction, met: readonly MetResource[], shown: ShownKeys, types: readonly PolicyType[]): PossibleVerdict;
}

const placedIn = (set: PolicySet): { readonly placed: readonly Placed[]; readonly scpLevels: readonly string[] } => {
  const placed: Placed[] = [];
  const read = (levels: PolicySet['serviceControlPolicies'], type: PolicyType): void => {
    for (const [level, { target, policies }] of (levels ?? []).entries())
      for (const { name, document } of policies)
        for (const [index, statement] of document.Statement.entries()) {
          const { Sid: sid } = statement;
          const place = { type, target, policy: name, index, ...(sid === undefined ? {} : { sid }) };
          placed.push({ place, statement, level });
        }
  };
  read(set.serviceControlPolicies, 'SERVICE_CONTROL_POLICY');
  read(set.resourceControlPolicies, 'RESOURCE_CONTROL_POLICY');
  return { placed, scpLevels: (set.serviceControlPolicies ?? []).map(({ target }) => target) };
};

const keyOf = (asked: AskedAction): string => ('action' in asked ? asked.action.toLowerCase() : `${asked.service} ?`);

/** Whether a statement applies to some resource of the call. What need not have been met decides only when all do. */
const onSome = (parts: readonly Certainty[], met: readonly MetResource[]): Certainty => {
  if (parts.every((part) => part === 'yes')) return 'yes';
  if (parts.some((part, index) => part === 'yes' && met[index]?.sure === true)) return 'yes';
  return parts.every((part) => part === 'no') ? 'no' : 'maybe';
};

/** Sorts the statements of a set so that a request meets only those that may be about its action. */
export const preparePolicies = (set: PolicySet): Policies => {
  const { placed, scpLevels } = placedIn(set);
  const memo = new Map<string, readonly Candidate[]>();
  const about = (asked: AskedAction): readonly Candidate[] => {
    const key = keyOf(asked);
    const before = memo.get(key);
    if (before !== undefined) return before;
    const found = placed.flatMap((one): readonly Candidate[] => {
      const certainty = aboutAction(one.statement, asked);
      return certainty === 'no' ? [] : [{ ...one, about: certainty }];
    });
    if (memo.size >= 20_000) memo.clear();
    memo.set(key, found);
    return found;
  };

  const apply = (
    { statement, about: ofAction }: Candidate,
    met: readonly MetResource[],
    asked: Asked,
  ): readonly Certainty[] => {
    const resources = met.map((one) => aboutResource(statement, one, asked));
    if (resources.every((one) => one === 'no')) return resources;
    const conditions = conditionsHeld(statement.Condition, asked);
    if (conditions === 'no') return met.map(() => 'no');
    if (ofAction === 'maybe') asked.missing.add('action');
    return resources.map((one) => every([ofAction, one, conditions]));
  };

  const ask: Policies['ask'] = (asked, met, shown, types) => {
    const deniedBy: StatementPlace[] = [];
    const open: OpenStatement[] = [];
    const allowed = scpLevels.map(() => met.map((): Certainty => 'no'));
    const ofAllows = scpLevels.map(() => new Set<string>());
    for (const candidate of about(asked)) {
      const { place, statement, level } = candidate;
      if (!types.includes(place.type)) continue;
      const deny = statement.Effect === 'Deny';
      // RCPFullAWSAccess goes without saying, so that nothing depends on what a resource control policy allows.
      if (!deny && place.type === 'RESOURCE_CONTROL_POLICY') continue;
      const missing = new Set<string>();
      const parts = apply(candidate, met, { type: place.type, shown, missing });
      if (deny) {
        const applies = onSome(parts, met);
        if (applies === 'yes') deniedBy.push(place);
        else if (applies === 'maybe')
          open.push({ statement: place, missing: missing.size === 0 ? ['resource'] : [...missing].toSorted() });
        continue;
      }
      const before = allowed[level] ?? [];
      allowed[level] = parts.map((part, index) => some([part, before[index] ?? 'no']));
      for (const key of missing) ofAllows[level]?.add(key);
    }
    if (!types.includes('SERVICE_CONTROL_POLICY')) return { deniedBy, open };
    const lacks = allowed.map((parts): Certainty => {
      const lacking = parts.map((part): Certainty => (part === 'yes' ? 'no' : part === 'no' ? 'yes' : 'maybe'));
      return onSome(lacking, met);
    });
    const [sure, maybe] = [lacks.indexOf('yes'), lacks.indexOf('maybe')];
    const missingAllowAt = scpLevels[sure];
    const openAt = scpLevels[maybe];
    const missing = [...(ofAllows[maybe] ?? [])];
    return {
      deniedBy,
      open,
      ...(missingAllowAt === undefined ? {} : { missingAllowAt }),
      ...(openAt === undefined
        ? {}
        : { openAllow: { target: openAt, missing: missing.length === 0 ? ['resource'] : missing.toSorted() } }),
    };
  };

  return {
    has: (type) =>
      (type === 'SERVICE_CONTROL_POLICY' ? set.serviceControlPolicies : set.resourceControlPolicies) !== undefined,
    statements: placed.length,
    needsResources: (asked) =>
      about(asked).some(({ statement: { Resource, NotResource } }) => NotResource !== undefined || Resource !== '*'),
    ask,
  };
};
