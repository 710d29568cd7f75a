import { assertComplete } from '@remedykit/core';
import { findingMessage, parseFinding } from '@remedykit/guardduty';
import { createBlocker } from './blocker.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings, type Settings } from './settings.ts';
import { tell } from './tell.ts';

export type Handler = (event: unknown, context: LambdaContext) => Promise<void>;

/** A finding that an EventBridge rule hands over. What throws is retried by Lambda and then reaches the dead-letter queue. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const blocker = createBlocker(settings, parts);
  return async (event, context) => {
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const outcome = await blocker.block(parseFinding(event), call);
    parts.onOutcome?.(outcome);
    const delivery = await tell(parts, findingMessage(outcome), call);
    assertComplete(outcome, delivery);
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
