import { RemediationError } from '@remedykit/core';
import { coverTypes, type TextMatch } from './event-pattern-cover.ts';
import { type FindingTypeFacts, findingTypes } from './finding-types.ts';

/** EventBridge's limit for a pattern. Source: EventBridge quotas, event pattern size. */
const maximumCharacters = 2048;

/** Which findings a rule is to match. */
export interface EventPatternOptions {
  /**
   * Names of finding types, each taken as it is, or beginnings that end with `:` or `/` (`Trojan:EC2/`), each for the types
   * below it on which something is done. By default every type on which something is done.
   */
  readonly types?: readonly string[];
  /** Only findings of this severity or above, 0 to 10. Mind that brute force and port probes are Low. By default all. */
  readonly minimumSeverity?: number;
  /** Also match types that GuardDuty no longer emits, for replays and archives. Default false. */
  readonly includeRetired?: boolean;
}

/** The event pattern of an EventBridge rule, as data. */
export interface EventPattern {
  readonly source: readonly ['aws.guardduty'];
  readonly 'detail-type': readonly ['GuardDuty Finding'];
  readonly detail: {
    readonly type: readonly TextMatch[];
    readonly severity?: readonly [{ readonly numeric: readonly ['>=', number] }];
  };
}

/** Whether anything is done about a type: an address denied, or a person called. */
const matters = ({ verdict, escalate }: FindingTypeFacts): boolean => verdict === 'block' || escalate;

/** `Purpose:Resource/Name`, or the first one or two parts of it. */
const nameOrBeginning = /^[A-Z]\w*:(?:[A-Z]\w*\/(?:[A-Z][^\s:/*]*)?)?$/;

const isBeginning = (text: string): boolean => /[:/]$/.test(text);

const retiredError = (type: string): RemediationError =>
  new RemediationError({
    code: 'EVENT_PATTERN_RETIRED',
    message: `GuardDuty no longer emits ${type}; leave it out of "types", or set "includeRetired" for a replay.`,
  });

const matchesBelow = (beginning: string, includeRetired: boolean): TextMatch[] => {
  const below = findingTypes.filter(({ type }) => type.startsWith(beginning));
  // Types that the catalogue does not know yet.
  if (below.length === 0) return [{ prefix: beginning }];
  const emitted = below.filter(({ state }) => includeRetired || state === 'active');
  const [gone] = below;
  if (emitted.length === 0 && gone !== undefined) throw retiredError(gone.type);
  const wanted = emitted.filter(matters);
  const unwanted = below.filter((each) => !wanted.includes(each));
  const names = (facts: readonly FindingTypeFacts[]): string[] => facts.map(({ type }) => type);
  return coverTypes(names(wanted), names(unwanted), beginning);
};

const typeMatches = (types: readonly string[], includeRetired: boolean): TextMatch[] => {
  const odd = types.find((type) => !nameOrBeginning.test(type));
  if (odd !== undefined) {
    throw new RemediationError({
      code: 'EVENT_PATTERN_TYPE_INVALID',
      message: `${JSON.stringify(odd)} in "types" can match no finding: write a type whole (Trojan:EC2/DropPoint), or its beginning up to ":" or "/" (Trojan:EC2/).`,
    });
  }
  const gone = findingTypes.find(({ type, state }) => state === 'retired' && types.includes(type));
  if (gone !== undefined && !includeRetired) throw retiredError(gone.type);
  const matches = types.flatMap((type) => (isBeginning(type) ? matchesBelow(type, includeRetired) : [type]));
  return [...new Map(matches.map((match) => [JSON.stringify(match), match])).values()];
};

const severityOf = (minimum: number | undefined): Pick<EventPattern['detail'], 'severity'> => {
  if (minimum === undefined) return {};
  if (minimum >= 0 && minimum <= 10) return { severity: [{ numeric: ['>=', minimum] }] };
  throw new RemediationError({
    code: 'EVENT_PATTERN_SEVERITY_INVALID',
    message: `"minimumSeverity" is ${minimum}; the severities of GuardDuty go from 0 to 10.`,
  });
};

/**
 * The pattern of the rule that hands findings to the blocker, at most 2,048 characters as JSON. It matches every known type
 * on which something is done (an address denied, or a person called) and none that is left alone; what GuardDuty adds later
 * below a beginning that it names is matched too.
 * @throws RemediationError `EVENT_PATTERN_EMPTY` (no type left: such a rule is refused by EventBridge),
 * `EVENT_PATTERN_RETIRED` (a retired type without `includeRetired`), `EVENT_PATTERN_SEVERITY_INVALID`,
 * `EVENT_PATTERN_TOO_LONG`, `EVENT_PATTERN_TYPE_INVALID` (neither a type nor the beginning of one)
 * @example
 * ```ts
 * import { eventPattern } from '@remedykit/guardduty';
 * console.log(JSON.stringify(eventPattern()));
 * console.log(JSON.stringify(eventPattern({ types: ['UnauthorizedAccess:EC2/', 'Recon:EC2/'], minimumSeverity: 4 })));
 * ```
 */
export const eventPattern = ({
  types,
  minimumSeverity,
  includeRetired = false,
}: EventPatternOptions = {}): EventPattern => {
  const chosen = types === undefined ? matchesBelow('', includeRetired) : typeMatches(types, includeRetired);
  if (chosen.length === 0) {
    throw new RemediationError({
      code: 'EVENT_PATTERN_EMPTY',
      message: 'The event pattern would match no finding on which anything is done; name such a type in "types".',
    });
  }
  const pattern: EventPattern = {
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { type: chosen, ...severityOf(minimumSeverity) },
  };
  const { length } = JSON.stringify(pattern);
  if (length <= maximumCharacters) return pattern;
  throw new RemediationError({
    code: 'EVENT_PATTERN_TOO_LONG',
    message: `The event pattern has ${length} characters, EventBridge takes ${maximumCharacters}; name fewer "types", or make several rules.`,
  });
};
