import type { MailEventResult } from '@remedykit/iam';
import { createEnforcer } from './enforcer.ts';
import { createParts, type Parts } from './parts.ts';
import { readSettings, type Settings } from './settings.ts';

export type Handler = (event: unknown) => Promise<MailEventResult>;

/** What SES tells of a mail, from an EventBridge rule: a warning that bounced does not count. */
export const createHandler = (settings: Settings, parts: Parts): Handler => {
  const enforcer = createEnforcer(settings, parts);
  return (event) => enforcer.recordMailEvent(event);
};

let ready: Handler | undefined;

export const handler: Handler = async (event) => {
  if (ready === undefined) {
    const settings = readSettings(process.env);
    ready = createHandler(settings, createParts(settings));
  }
  return ready(event);
};
