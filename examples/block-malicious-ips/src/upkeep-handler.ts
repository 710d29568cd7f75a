import { assertComplete } from '@remedykit/core';
import { upkeepMessage } from '@remedykit/guardduty';
import { createBlocker } from './blocker.ts';
import { createParts, type LambdaContext, type Parts } from './parts.ts';
import { readSettings, type Settings } from './settings.ts';
import { tell } from './tell.ts';

/** Lambda's context; where the function runs says which network ACLs to look at even when the table is lost. */
export interface UpkeepContext extends LambdaContext {
  readonly invokedFunctionArn?: string;
}

export type Handler = (event: unknown, context: UpkeepContext) => Promise<void>;

/**
 * On a schedule: takes out denies that have expired or would not be made today, finishes what a function that died had
 * begun, and brings state and network ACLs to agree.
 */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const blocker = createBlocker(settings, parts);
  return async (_event, context) => {
    const call = { remainingTimeMs: () => context.getRemainingTimeInMillis() };
    const done = [await blocker.sweep(call), await blocker.reconcile({ ...call, targets: ownTarget(context) })];
    const delivery = await tell(parts, upkeepMessage(...done), call);
    assertComplete(...done, delivery);
  };
};

/** The account and Region of the function: `arn:aws:lambda:eu-west-1:111122223333:function:upkeep`. */
const ownTarget = ({ invokedFunctionArn = '' }: UpkeepContext): { accountId: string; region: string }[] => {
  const [, , , region, accountId] = invokedFunctionArn.split(':');
  return accountId === undefined || region === undefined ? [] : [{ accountId, region }];
};

let ready: Handler | undefined;

export const handler: Handler = async (event, context) => {
  if (ready === undefined) {
    const settings = readSettings(process.env);
    ready = createHandler(settings, createParts(settings));
  }
  return ready(event, context);
};
