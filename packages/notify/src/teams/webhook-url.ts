import { RemediationError } from '@remedykit/core';
import { parseTargetUrl } from '../delivery/target-url.ts';

/** The URL is a secret: its `sig` is all that it takes to post. The error has no cause either, for that of `new URL` holds the input. */
const invalid = (what: string): RemediationError =>
  new RemediationError({
    code: 'TEAMS_URL_INVALID',
    message: `webhookUrl ${what}. Copy the whole HTTP URL from the workflow's trigger; it is not repeated here because it is a secret.`,
  });

const pathFault = ({ pathname, searchParams }: URL): string | undefined => {
  if (!pathname.includes('/workflows/')) return 'is not the trigger of a workflow: its path must hold /workflows/';
  // Without a signature the trigger asks for a sign-in, and a URL whose end was cut off looks like that.
  return searchParams.get('sig') ? undefined : 'has no sig parameter, with which the workflow tells that it may be run';
};

/**
 * Checks the URL of a workflow's webhook. Nothing in it is changed: a signature that is encoded anew no longer counts.
 * @throws RemediationError `TEAMS_URL_INVALID`, which never contains the URL
 */
export const parseWebhookUrl = (input: unknown, allowedHosts: readonly string[] = []): URL => {
  if (typeof input === 'string' && /\.webhook\.office\.com\//.test(input))
    throw invalid('is that of an Office 365 connector, which Microsoft has retired: it must be a workflow');
  return parseTargetUrl(input, {
    hosts: ['.logic.azure.com', '.powerplatform.com', '.powerautomate.com'],
    allowedHosts,
    pathFault,
    invalid,
  });
};
