import { assertComplete } from '@remedykit/core';
import { upkeepMessage } from '@remedykit/guardduty';
import { createBlocker } from './blocker.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings, type Settings } from './settings.ts';
import { tell } from './tell.ts';

export type Handler = (event: unknown, context: LambdaContext) => Promise<void>;

/** On a schedule: takes out denies that have expired, and finishes what a function that died had begun. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const blocker = createBlocker(settings, parts);
  return async (_event, context) => {
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const swept = await blocker.sweep(call);
    const delivery = await tell(parts, upkeepMessage(swept), call);
    assertComplete(swept, delivery);
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
