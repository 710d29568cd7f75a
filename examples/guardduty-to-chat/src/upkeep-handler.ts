import { assertComplete } from '@remedykit/core';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings } from './settings.ts';
import { type WaitingMetrics, waitingMetrics } from './waiting-metrics.ts';

export type Handler = (event: unknown, context: LambdaContext) => Promise<void>;

/** Options of `createHandler`, for tests. */
export interface UpkeepOptions {
  readonly now?: () => Date;
  /** Takes the metrics; default: a line of the function's log, of which CloudWatch makes them. */
  readonly write?: (metrics: WaitingMetrics) => void;
}

/** On a schedule, for the Slack variant: delivers what waits, forgets what has not changed for long, and says what still waits. */
export const createHandler = (
  { outbox, live }: Pick<Parts, 'outbox' | 'live'>,
  { now = () => new Date(), write = (metrics) => console.log(JSON.stringify(metrics)) }: UpkeepOptions = {},
): Handler => {
  return async (_event, context) => {
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    // Through Amazon Q nothing is kept, and nothing is to be done.
    if (outbox === undefined) return;
    const drained = await outbox.drain(call);
    write(waitingMetrics(drained, now()));
    await live?.sweep(call);
    assertComplete(drained);
  };
};

let ready: Handler | undefined;

export const handler: Handler = async (event, context) => {
  ready ??= createHandler(createParts(readSettings(process.env)));
  return ready(event, context);
};
