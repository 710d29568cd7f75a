import { arnFields } from '../../evaluate/arn.ts';
import { conditionResults } from '../../evaluate/condition.ts';
import { variablesOf } from '../../evaluate/context.ts';
import { actionMatches } from '../../evaluate/match-action.ts';
import { resourceMatches } from '../../evaluate/match-resource.ts';
import { compilePattern, patternMatches } from '../../evaluate/pattern.ts';
import { arnsOverlap } from '../../lint/overlap.ts';
import { resourceCovers } from '../../pack/covers.ts';
import type { Conditions, PolicyType, Statement } from '../../policy/document.ts';
import { listOf } from '../../policy/list.ts';
import type { ShownKeys } from '../event/keys.ts';
import type { MetResource } from '../event/resources.ts';
import { type Certainty, certain, every, not, some } from './certainty.ts';

/** The action of a call: its name, or no more than its service, or not even that. */
export type AskedAction = { readonly action: string } | { readonly service: string | undefined };

const coversAction = (pattern: string, asked: AskedAction): Certainty => {
  if (pattern === '*') return 'yes';
  if ('action' in asked) return certain(actionMatches(pattern, asked.action));
  if (asked.service === undefined) return 'maybe';
  const [prefix = '', name = ''] = pattern.toLowerCase().split(':');
  if (!patternMatches(compilePattern(prefix), asked.service)) return 'no';
  return /^\*+$/.test(name) ? 'yes' : 'maybe';
};

/** Whether a statement is about an action. */
export const aboutAction = ({ Action, NotAction }: Statement, asked: AskedAction): Certainty => {
  const covered = some(listOf(NotAction ?? Action).map((pattern) => coversAction(pattern, asked)));
  return NotAction === undefined ? covered : not(covered);
};

const variable = /\$\{([^}]*)\}/g;

/** Keys that the variables of a text stand for; the escapes stand for no key. */
const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(variable)].flatMap(([, inner = '']) => {
    const key = (inner.split(',')[0] ?? '').trim().toLowerCase();
    return /^[*?$]$/.test(key) ? [] : [key];
  });

const unknownIn = (text: string, shown: ShownKeys): readonly string[] =>
  text.includes('${') ? variablesIn(text).filter((key) => shown.stateOf(key) === 'unknown') : [];

const compared = new Map<string, Certainty>();

/** A pattern of a policy against a pattern that a resource fits. Remembered: a log repeats itself. */
const comparePatterns = (pattern: string, arn: string): Certainty => {
  const key = `${pattern} ${arn}`;
  const before = compared.get(key);
  if (before !== undefined) return before;
  const found = resourceCovers(pattern, arn) ? 'yes' : arnsOverlap(pattern, arn) ? 'maybe' : 'no';
  if (compared.size >= 50_000) compared.clear();
  compared.set(key, found);
  return found;
};

/** A service control policy may cut an ARN short behind a trailing `*`; any other text that is no ARN covers nothing. */
const inFull = (pattern: string, type: PolicyType): string =>
  type === 'SERVICE_CONTROL_POLICY' && pattern.endsWith('*') && arnFields(pattern) === undefined
    ? `${pattern}${':*'.repeat(Math.max(0, 6 - pattern.split(':').length))}`
    : pattern;

/** How a resource of a policy compares with one that a call met, and which keys would have to be known. */
const coversResource = (pattern: string, { arn, exact }: MetResource, { type, shown, missing }: Asked): Certainty => {
  if (pattern === '*') return 'yes';
  const unknown = unknownIn(pattern, shown);
  if (exact && unknown.length === 0)
    return certain(resourceMatches(pattern, arn, { type, lookup: variablesOf(shown.keys) }));
  if (arn === '*') {
    // An action without resources fits no ARN; one whose resources are not known may fit any.
    if (exact) return 'no';
    missing.add('resource');
    return 'maybe';
  }
  // Without the values of its variables, a pattern surely fits nothing.
  const found = comparePatterns(inFull(pattern, type), arn);
  if (found !== 'maybe') return found;
  for (const key of unknown) missing.add(key);
  if (!exact) missing.add('resource');
  return 'maybe';
};

/** Of what kind a policy is, what the event shows, and where to put what it would have to show. */
export interface Asked {
  readonly type: PolicyType;
  readonly shown: ShownKeys;
  readonly missing: Set<string>;
}

/** Whether a statement is about a resource that a call met. */
export const aboutResource = ({ Resource, NotResource }: Statement, met: MetResource, asked: Asked): Certainty => {
  const covered = some(listOf(NotResource ?? Resource).map((pattern) => coversResource(pattern, met, asked)));
  return NotResource === undefined ? covered : not(covered);
};

/** Whether the conditions of a statement held. */
export const conditionsHeld = (conditions: Conditions | undefined, { shown, missing }: Asked): Certainty => {
  const unknown = new Set<string>();
  const parts = Object.entries(conditions ?? {}).flatMap(([operator, byKey]) =>
    Object.entries(byKey).map(([key, values]): Certainty => {
      const lower = key.toLowerCase();
      const open = [
        ...(shown.stateOf(lower) === 'unknown' ? [lower] : []),
        ...listOf(values).flatMap((text) => unknownIn(text, shown)),
      ];
      for (const one of open) unknown.add(one);
      if (open.length > 0) return 'maybe';
      return certain(conditionResults({ [operator]: { [key]: values } }, shown.keys).every(({ holds }) => holds));
    }),
  );
  const held = every(parts);
  if (held === 'maybe') for (const key of unknown) missing.add(key);
  return held;
};
