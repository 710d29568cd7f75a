import { type AuditRecord, type Clock, type ErrorSummary, type RejectedInput, summarizeError } from '@remedykit/core';
import type { Handler as EventHandler } from '@remedykit/example-block-malicious-ips/event-handler';
import type { LambdaContext, Parts } from '@remedykit/example-block-malicious-ips/parts';
import type { Handler as QueueHandler } from '@remedykit/example-block-malicious-ips/queue-handler';
import type { BlockOutcome } from '@remedykit/guardduty';
import { createFakeGuardDuty, type FakeGuardDuty } from '@remedykit/guardduty/testing';
import { createSlackNotifier } from '@remedykit/notify/slack';
import { type SlackServer, startSlackServer } from '@remedykit/notify/testing';
import { countSends, sorted } from './count-calls.ts';
import { entryOf, type FindingEntry, type NaclRow, naclEntry, type Report } from './report.ts';
import { slackTitle } from './slack-text.ts';
import type { Stage } from './stage.ts';

/** The time that a handler has, as Lambda would say it; the clock of the demo stands still while it runs. */
export const context: LambdaContext = { getRemainingTimeInMillis: () => 30_000 };

/** A handler of the example: of events, or of a queue's. */
export type Handler = EventHandler | QueueHandler;

/** What one finding or record came to, for people. */
export interface Verdict {
  readonly entry: FindingEntry;
  readonly outcome?: BlockOutcome;
}

/** What one document came to: one verdict, or one for each record of a queue's event. */
export interface Scored {
  readonly verdicts: readonly Verdict[];
  /** Slack messages sent meanwhile. */
  readonly messages: readonly unknown[];
}

/** What the handler left to be tried again. */
interface Left {
  readonly thrown?: ErrorSummary;
  readonly returned: ReadonlySet<string>;
}

const verdictsOf = (source: string, outcomes: readonly BlockOutcome[], { thrown, returned }: Left): Verdict[] => {
  if (outcomes.length === 0) return [{ entry: entryOf(source, undefined, { thrown }) }];
  return outcomes.map((outcome, index) => {
    const { recordId } = outcome;
    const left = recordId !== undefined && returned.has(recordId);
    const name = outcomes.length === 1 ? source : `${source}#${index + 1}`;
    return { outcome, entry: entryOf(name, outcome, { thrown, returned: left }) };
  });
};

/** A run of the demo: the parts that the handlers are given, and the score of what they did. */
export interface Performance {
  readonly parts: Parts;
  readonly guardDuty: FakeGuardDuty;
  readonly slack: SlackServer;
  /** Audit records written, in order; they stay off the standard output. */
  readonly audit: readonly (AuditRecord | RejectedInput)[];
  /** Hands one document to the handler. What it throws or gives back becomes part of the entries. */
  perform(handler: Handler, document: unknown, source: string): Promise<Scored>;
  /** Notes what never came to the handler. */
  fail(source: string, error: ErrorSummary): Scored;
  /** Runs something else, and gives the Slack messages sent meanwhile. */
  listen(act: () => Promise<unknown>): Promise<readonly unknown[]>;
  report(nacl: readonly NaclRow[]): Report;
  close(): Promise<void>;
}

/** The time of whoever waits: the demo's, and what was waited. Slack's pace of a message a second is kept, and nobody sits it out. */
export const patience = (now: Clock): { readonly now: () => Date; readonly sleep: (ms: number) => Promise<void> } => {
  let waited = 0;
  return {
    now: () => new Date(now().getTime() + waited),
    sleep: async (ms: number) => {
      waited += ms;
    },
  };
};

/** Starts GuardDuty and Slack, which are embedded on every stage, and puts the parts together. */
export const startPerformance = async (stage: Stage, now: Clock): Promise<Performance> => {
  const guardDuty = createFakeGuardDuty();
  const slack = await startSlackServer();
  const audit: (AuditRecord | RejectedInput)[] = [];
  const findings: FindingEntry[] = [];
  let outcomes: BlockOutcome[] = [];

  const listen = async (act: () => Promise<unknown>): Promise<readonly unknown[]> => {
    const heard = slack.messages.length;
    await act();
    return slack.messages.slice(heard);
  };
  return {
    guardDuty,
    slack,
    audit,
    listen,
    parts: {
      ec2: stage.ec2,
      store: stage.store,
      guardDuty: countSends(guardDuty, 'guardduty', stage.calls),
      notifier: createSlackNotifier({ webhookUrl: slack.url, allowedHosts: [slack.host], ...patience(now) }),
      audit: (record) => void audit.push(record),
      now,
      onOutcome: (outcome) => {
        outcomes.push(outcome);
      },
    },
    async perform(handler, document, source) {
      outcomes = [];
      let thrown: ErrorSummary | undefined;
      let returned: readonly string[] = [];
      const messages = await listen(async () => {
        try {
          const answer = await handler(document, context);
          if (answer) returned = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
        } catch (error) {
          thrown = summarizeError(error);
        }
      });
      const left = { ...(thrown === undefined ? {} : { thrown }), returned: new Set(returned) };
      const verdicts = verdictsOf(source, outcomes, left);
      findings.push(...verdicts.map(({ entry }) => entry));
      return { verdicts, messages };
    },
    fail(source, error) {
      const entry = { source, error };
      findings.push(entry);
      return { verdicts: [{ entry }], messages: [] };
    },
    report: (nacl) => ({
      findings,
      nacl: nacl.map(naclEntry),
      notifications: slack.messages.map((payload) => ({ channel: 'slack', title: slackTitle(payload) })),
      calls: sorted(stage.calls),
      stageCalls: sorted(stage.stageCalls),
    }),
    async close() {
      await slack.close();
      await stage.close();
    },
  };
};
