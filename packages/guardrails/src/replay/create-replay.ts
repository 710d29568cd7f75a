import {
  type Clock,
  type ErrorSummary,
  type RemediationError,
  summarizeError,
  systemClock,
  toInstant,
} from '@remedykit/core';
import type { ActionData } from '../actions/facts.ts';
import { loadActionData } from '../actions.ts';
import type { Exempt, PolicySet } from '../evaluate/evaluate.ts';
import type { PolicyType } from '../policy/document.ts';
import { parseEvent, type ReplayEvent, textIn } from './event/event.ts';
import { createJudge, type Judgement } from './judge.ts';
import { replayLimits } from './limits.ts';
import { checkOptions } from './options.ts';
import type { OpenStatement, StatementPlace } from './possible/verdict.ts';
import type { CloudTrailRecord } from './records/unwrap.ts';
import type {
  DenialRow,
  NotEvaluated,
  PrincipalRow,
  ReplayExample,
  ReplayOutcome,
  ReplayReport,
  ReplayRows,
  ReportedStatement,
  Seen,
  StatementRow,
  UnknownRow,
  UnmappedRow,
} from './report.ts';
import { createTally, type Tally } from './tally.ts';

/** What a replay takes. */
export interface ReplayOptions {
  /** What would be attached on the path of the accounts whose events are read, as `evaluate` takes it. */
  readonly policies: PolicySet;
  /** Accounts whose trails count; all of them where absent. An empty list is refused. */
  readonly accounts?: readonly string[];
  /** Said of accounts whose events are read, as `aws:PrincipalOrgID` and `aws:ResourceOrgID`; no event shows them. */
  readonly organizationId?: string;
  /** Rows of each list of the report. Default 1,000. */
  readonly rows?: number;
  readonly data?: ActionData;
  readonly now?: Clock;
}

/** What became of one event, and of a record that is none. */
export interface ReplayedEvent {
  readonly outcome: ReplayOutcome | 'malformed';
  readonly action?: string;
  readonly deniedBy?: readonly ReportedStatement[];
  /** What the event would have to show. */
  readonly missing?: readonly string[];
}

/** Policies against a log, event by event. */
export interface Replay {
  /** Judges a record of CloudTrail and counts it; never throws for what a record holds. */
  add(record: CloudTrailRecord): ReplayedEvent;
  /** Counts what could not be read. */
  skip(error: RemediationError): void;
  /** Counts a file. */
  file(name: string, what: 'read' | 'digest' | 'other'): void;
  report(): ReplayReport;
}

/** Keys that are counted at a time, in each list. */
const mostKeys = 20_000;
const mostErrors = 20;
/** Characters of a text of an event that are kept. */
const longestText = 300;

const short = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

const placeOf = ({ type, policy, target, sid, index }: StatementPlace): ReportedStatement => ({
  type,
  policy,
  target,
  statement: sid ?? `statement ${index + 1}`,
});

const noAllowance = (target: string): ReportedStatement => ({
  type: 'SERVICE_CONTROL_POLICY',
  policy: '',
  target,
  statement: 'no allowance',
});

const keyOf = ({ type, policy, target, statement }: ReportedStatement): string =>
  JSON.stringify([type, policy, target, statement]);

const exampleOf = ({ record, name, region, recipient }: ReplayEvent, resource: string): ReplayExample => {
  const [eventId, sourceIp, userAgent] = ['eventID', 'sourceIPAddress', 'userAgent'].map((field) =>
    textIn(record, field),
  );
  return {
    ...(eventId === undefined ? {} : { eventId: short(eventId) }),
    eventName: short(name),
    ...(region === undefined ? {} : { region: short(region) }),
    ...(recipient === undefined ? {} : { accountId: short(recipient) }),
    ...(resource === '*' ? {} : { resource: short(resource) }),
    ...(sourceIp === undefined ? {} : { sourceIp: short(sourceIp) }),
    ...(userAgent === undefined ? {} : { userAgent: short(userAgent) }),
  };
};

const listOf = <Row>(tally: Tally<Row>, rows: number): ReplayRows<Row & Seen> => {
  const top = tally.top(rows);
  return {
    rows: top.map(({ row, events, firstSeen, lastSeen }) => ({ ...row, events, firstSeen, lastSeen })),
    omitted: tally.size - top.length + tally.givenUp,
    exact: tally.givenUp === 0,
  };
};

/** The statements that leave it open, with the lack of an allowance as one. */
const openOf = ({ open, openAllow }: Extract<Judgement, { verdict: unknown }>['verdict']): OpenStatement[] => [
  ...open,
  ...(openAllow === undefined
    ? []
    : [
        {
          statement: {
            type: 'SERVICE_CONTROL_POLICY' as const,
            policy: '',
            target: openAllow.target,
            index: 0,
            sid: 'no allowance',
          },
          missing: openAllow.missing,
        },
      ]),
];

/**
 * Asks policies about the calls in a log of CloudTrail: what they would have denied, of whom, how often, by which statement. Memory does
 * not grow with the number of events. A verdict that depends on something that an event does not show is `unknown`; calls that
 * AWS denied then are counted apart; whom AWS exempts is exempt.
 *
 * @throws RemediationError `REPLAY_OPTION_INVALID`, `ACTION_DATA_UNREADABLE`
 * @example
 * ```ts
 * import { fullAwsAccess, restrictRegions } from '@remedykit/guardrails';
 * import { createReplay, readCloudTrail } from '@remedykit/guardrails/replay';
 *
 * const { document } = restrictRegions({ allowedRegions: ['eu-west-1'] });
 * const replay = createReplay({
 *   policies: { serviceControlPolicies: [{ target: 'root', policies: [fullAwsAccess, { name: 'regions', document }] }] },
 * });
 * for await (const record of readCloudTrail('AWSLogs/', { onError: replay.skip, onFile: replay.file })) replay.add(record);
 * const { outcomes, denials } = replay.report();
 * console.log(outcomes.denied, outcomes.unknown, denials.rows[0]);
 * ```
 */
export const createReplay = (options: ReplayOptions): Replay => {
  const { policies, accounts, organizationId, rows = 1_000, data = loadActionData(), now = systemClock } = options;
  const statements = checkOptions(options);
  const judge = createJudge({
    policies,
    data,
    ...(accounts === undefined ? {} : { accounts: new Set(accounts) }),
    ...(organizationId === undefined ? {} : { organizationId }),
  });
  const outcomes: Record<ReplayOutcome, number> = {
    denied: 0,
    unknown: 0,
    allowed: 0,
    exempt: 0,
    'already-denied': 0,
    'not-evaluated': 0,
  };
  const exempt: Record<Exempt['reason'], number> = {
    'management-account': 0,
    'service-linked-role': 0,
    'service-principal': 0,
    'kms-retire-grant': 0,
  };
  const notEvaluated: Record<NotEvaluated, number> = {
    'not-an-api-call': 0,
    'other-account': 0,
    'other-side': 0,
    'no-permission-needed': 0,
  };
  const files = { read: 0, digest: 0, other: 0 };
  const errors: ErrorSummary[] = [];
  let [events, malformed, unreadable] = [0, 0, 0];
  let [from, to] = ['', ''];
  const byStatement = createTally<Omit<StatementRow, keyof Seen>>(mostKeys);
  const byPrincipal = createTally<Omit<PrincipalRow, keyof Seen>>(mostKeys);
  const denials = createTally<Omit<DenialRow, keyof Seen>>(mostKeys);
  const unknowns = createTally<Omit<UnknownRow, keyof Seen>>(mostKeys);
  const unmapped = createTally<Omit<UnmappedRow, keyof Seen>>(mostKeys);

  const skip = (error: RemediationError): void => {
    if (error.code === 'CLOUDTRAIL_UNREADABLE' || error.code === 'CLOUDTRAIL_CUT_SHORT') unreadable += 1;
    else malformed += 1;
    if (errors.length < mostErrors) {
      const { code, message } = summarizeError(error);
      errors.push({ code, message: short(message) });
    }
  };

  const countDenial = (
    event: ReplayEvent,
    found: Extract<Judgement, { verdict: unknown }>,
  ): readonly ReportedStatement[] => {
    const { caller, action, resource, verdict } = found;
    const by =
      verdict.deniedBy.length > 0 ? verdict.deniedBy.map(placeOf) : [noAllowance(verdict.missingAllowAt ?? '')];
    const principal = short(caller.name);
    for (const one of by) byStatement.add(keyOf(one), event.time, () => one);
    const { accountId } = caller.principal;
    byPrincipal.add(principal, event.time, () => ({ principal, ...(accountId === '' ? {} : { accountId }) }));
    denials.add(JSON.stringify([principal, action, ...by.map(keyOf)]), event.time, () => ({
      principal,
      action: short(action),
      by,
      example: exampleOf(event, resource),
    }));
    return by;
  };

  const countUnknown = (event: ReplayEvent, found: Extract<Judgement, { verdict: unknown }>): readonly string[] => {
    const { action, resource, verdict } = found;
    const open = openOf(verdict);
    const by = open.map(({ statement }) => placeOf(statement));
    const missing = [...new Set(open.flatMap((one) => one.missing))].toSorted();
    unknowns.add(JSON.stringify([action, missing, ...by.map(keyOf)]), event.time, () => ({
      action: short(action),
      by,
      missing: missing.map(short),
      example: exampleOf(event, resource),
    }));
    return missing;
  };

  return {
    add(record) {
      let event: ReplayEvent;
      try {
        event = parseEvent(record);
      } catch (error) {
        // parseEvent throws nothing but errors of its own.
        skip(error as RemediationError);
        return { outcome: 'malformed' };
      }
      events += 1;
      if (from === '' || event.time < from) from = event.time;
      if (event.time > to) to = event.time;
      const found = judge(event);
      outcomes[found.outcome] += 1;
      if (found.outcome === 'exempt') exempt[found.why] += 1;
      if (found.outcome === 'not-evaluated') notEvaluated[found.why] += 1;
      if (!('verdict' in found)) return { outcome: found.outcome };
      if (found.unmapped)
        unmapped.add(`${event.source} ${event.name}`, event.time, () => ({
          eventSource: short(event.source),
          eventName: short(event.name),
        }));
      const { outcome, action } = found;
      if (outcome === 'denied') return { outcome, action, deniedBy: countDenial(event, found) };
      return outcome === 'unknown' ? { outcome, action, missing: countUnknown(event, found) } : { outcome, action };
    },
    skip,
    file: (_, what) => {
      files[what] += 1;
    },
    report: () => ({
      schema: 1,
      generatedAt: toInstant(now()),
      policies: {
        statements,
        types: [
          ...(policies.serviceControlPolicies === undefined ? [] : ['SERVICE_CONTROL_POLICY' as PolicyType]),
          ...(policies.resourceControlPolicies === undefined ? [] : ['RESOURCE_CONTROL_POLICY' as PolicyType]),
        ],
      },
      read: {
        files: files.read,
        digests: files.digest,
        otherFiles: files.other,
        events,
        malformed,
        unreadable,
        errors: [...errors],
      },
      ...(from === '' ? {} : { period: { from, to } }),
      evaluated: outcomes.denied + outcomes.unknown + outcomes.allowed,
      outcomes: { ...outcomes },
      exempt: { ...exempt },
      notEvaluated: { ...notEvaluated },
      statements: listOf(byStatement, rows),
      principals: listOf(byPrincipal, rows),
      denials: listOf(denials, rows),
      unknowns: listOf(unknowns, rows),
      unmapped: listOf(unmapped, rows),
      limits: replayLimits(data.asOf),
    }),
  };
};
