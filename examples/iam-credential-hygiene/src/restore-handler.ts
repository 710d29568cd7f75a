import { assertComplete } from '@remedykit/core';
import { type CredentialRestore, restoreMessage } from '@remedykit/iam';
import { createEnforcer } from './enforcer.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readRequest } from './request.ts';
import { readSettings, type Settings } from './settings.ts';
import { tell } from './tell.ts';

/** What the function is invoked with, by hand. */
export interface RestoreEvent {
  /** As the announcement of the run names it. */
  readonly runId: string;
  readonly reason: string;
  readonly requestedBy: string;
  /** Until when the users whose access is given back are left alone: a day, or an instant in UTC. */
  readonly exemptUntil: string;
  /** Names of users or ids of cases; absent: all that the run did. */
  readonly only?: readonly string[];
}

export type Handler = (event: unknown, context: LambdaContext) => Promise<CredentialRestore>;

/** Undoes what a run did, tells the team, and throws what a retry can mend. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const enforcer = createEnforcer(settings, parts);
  return async (event, context) => {
    const request = readRequest(event, ['runId', 'reason', 'requestedBy', 'exemptUntil', 'only']);
    const only = request.optionalTexts('only');
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const restore = await enforcer.restore(
      request.text('runId'),
      {
        reason: request.text('reason'),
        requestedBy: request.text('requestedBy'),
        exemptUntil: request.instant('exemptUntil'),
        ...(only === undefined ? {} : { only }),
      },
      call,
    );
    const delivery = await tell(parts, restoreMessage(restore), call);
    assertComplete(restore, delivery);
    return restore;
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
