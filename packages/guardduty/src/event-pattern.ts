import { RemediationError } from '@remedykit/core';
import { findingTypes } from './finding-types.ts';

/** EventBridge's limit for a pattern. Source: EventBridge quotas, event pattern size. */
const maximumCharacters = 2048;

/** Which findings a rule is to match. */
export interface EventPatternOptions {
  /** Names of finding types; by default every type of the threat table that GuardDuty still emits. */
  readonly types?: readonly string[];
  /** Also match types that GuardDuty no longer emits, for replays and archives. Default false. */
  readonly includeRetired?: boolean;
}

/** The event pattern of an EventBridge rule, as data. */
export interface EventPattern {
  readonly source: readonly ['aws.guardduty'];
  readonly 'detail-type': readonly ['GuardDuty Finding'];
  readonly detail: { readonly type: readonly string[] };
}

const retired: ReadonlySet<string> = new Set(
  findingTypes.filter(({ state }) => state === 'retired').map(({ type }) => type),
);

/**
 * The pattern of the rule that hands findings to the blocker, at most 2,048 characters as JSON.
 * @throws RemediationError `EVENT_PATTERN_EMPTY` (no type left: such a rule is refused by EventBridge),
 * `EVENT_PATTERN_RETIRED` (a retired type without `includeRetired`), `EVENT_PATTERN_TOO_LONG`
 * @example
 * ```ts
 * import { eventPattern } from '@remedykit/guardduty';
 * console.log(JSON.stringify(eventPattern()));
 * ```
 */
export const eventPattern = ({ types, includeRetired = false }: EventPatternOptions = {}): EventPattern => {
  const offered = findingTypes.map(({ type }) => type).filter((type) => includeRetired || !retired.has(type));
  const chosen = [...new Set(types ?? offered)];
  const gone = includeRetired ? undefined : chosen.find((type) => retired.has(type));
  if (gone !== undefined) {
    throw new RemediationError({
      code: 'EVENT_PATTERN_RETIRED',
      message: `GuardDuty no longer emits ${gone}; leave it out of "types", or set "includeRetired" for a replay.`,
    });
  }
  if (chosen.length === 0) {
    throw new RemediationError({
      code: 'EVENT_PATTERN_EMPTY',
      message: 'An event pattern without any finding type matches nothing; name at least one in "types".',
    });
  }
  const pattern: EventPattern = {
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { type: chosen },
  };
  const { length } = JSON.stringify(pattern);
  if (length <= maximumCharacters) return pattern;
  throw new RemediationError({
    code: 'EVENT_PATTERN_TOO_LONG',
    message: `The event pattern has ${length} characters, EventBridge takes ${maximumCharacters}; name fewer "types", or make several rules.`,
  });
};
