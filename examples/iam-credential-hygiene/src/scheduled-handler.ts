import { assertComplete } from '@remedykit/core';
import { runSummaryMessage } from '@remedykit/iam';
import { createEnforcer } from './enforcer.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings, type Settings } from './settings.ts';
import { tell } from './tell.ts';

export type Handler = (event: unknown, context: LambdaContext) => Promise<void>;

/** Some times a day: mails whoever is due a warning, tells the team what is new, and throws what a retry can mend. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const enforcer = createEnforcer(settings, parts);
  return async (_event, context) => {
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const run = await enforcer.run(call);
    parts.onRun?.(run);
    const delivery = await tell(parts, runSummaryMessage(run), call);
    assertComplete(run, delivery);
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
