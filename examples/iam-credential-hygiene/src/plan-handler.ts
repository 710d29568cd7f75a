import type { CredentialForecast } from '@remedykit/iam';
import { createEnforcer } from './enforcer.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings, type Settings } from './settings.ts';

/** What the function is invoked with, by hand. */
export interface PlanEvent {
  /** Whole days, 0 to 365; default 30. */
  readonly days?: number;
}

export type Handler = (event: PlanEvent, context: LambdaContext) => Promise<CredentialForecast>;

/** Who will be warned and whose time will be up within so many days, and who is exempt until when. Mails nobody. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const enforcer = createEnforcer(settings, parts);
  return ({ days = 30 }, context) => enforcer.plan({ days, remainingTimeMs: () => context.getRemainingTimeInMillis() });
};

let ready: Handler | undefined;

export const handler: Handler = async (event, context) => {
  if (ready === undefined) {
    const settings = readSettings(process.env);
    ready = createHandler(settings, createParts(settings));
  }
  return ready(event, context);
};
