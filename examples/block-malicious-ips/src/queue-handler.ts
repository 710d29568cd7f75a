import { type BatchResponse, needsRetry, toBatchResponse } from '@remedykit/core';
import { findingMessage, parseRecords } from '@remedykit/guardduty';
import { createBlocker } from './blocker.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings, type Settings } from './settings.ts';
import { tell } from './tell.ts';

export type Handler = (event: unknown, context: LambdaContext) => Promise<BatchResponse>;

/** Findings from a queue, a batch at a time; what a retry can mend goes back to the queue, record by record. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const blocker = createBlocker(settings, parts);
  return async (event, context) => {
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const outcomes = await blocker.block(parseRecords(event), call);
    const told = outcomes.map(async (outcome) => {
      parts.onOutcome?.(outcome);
      const delivery = await tell(parts, findingMessage(outcome), call);
      // Nobody was told yet: the record comes again, and is told then.
      return needsRetry(delivery) ? { ...outcome, done: false } : outcome;
    });
    return toBatchResponse(await Promise.all(told));
  };
};

let ready: Handler | undefined;

export const handler: Handler = async (event, context) => {
  if (ready === undefined) {
    const settings = readSettings(process.env);
    ready = createHandler(settings, createParts(settings));
  }
  return ready(event, context);
};
