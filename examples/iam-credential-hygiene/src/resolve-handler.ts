import { assertComplete } from '@remedykit/core';
import { answerMessage, type CredentialAnswer } from '@remedykit/iam';
import { createEnforcer } from './enforcer.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readRequest } from './request.ts';
import { readSettings, type Settings } from './settings.ts';
import { tell } from './tell.ts';

/** What the function is invoked with, by hand. */
export interface ResolveEvent {
  /** The user's ARN, as the announcement names it. */
  readonly subject: string;
  readonly decision: 'confirm' | 'act' | 'exempt';
  readonly reason: string;
  readonly requestedBy: string;
  /** When the answer is over: a day, or an instant in UTC. */
  readonly until: string;
}

export type Handler = (event: unknown, context: LambdaContext) => Promise<CredentialAnswer>;

/** Keeps a person's answer about one user and acts on it, tells the team, and throws what a retry can mend. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const enforcer = createEnforcer(settings, parts);
  return async (event, context) => {
    const request = readRequest(event, ['subject', 'decision', 'reason', 'requestedBy', 'until']);
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const answer = await enforcer.resolve(
      {
        subject: request.text('subject'),
        decision: request.oneOf('decision', ['confirm', 'act', 'exempt']),
        reason: request.text('reason'),
        requestedBy: request.text('requestedBy'),
        until: request.instant('until'),
      },
      call,
    );
    const delivery = await tell(parts, answerMessage(answer), call);
    assertComplete(answer, delivery);
    return answer;
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
