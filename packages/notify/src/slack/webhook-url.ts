import { RemediationError } from '@remedykit/core';
import { parseTargetUrl } from '../delivery/target-url.ts';

/** The URL is a secret: whoever knows it can post. The error has no cause either, for that of `new URL` holds the input. */
const invalid = (what: string): RemediationError =>
  new RemediationError({
    code: 'SLACK_URL_INVALID',
    message: `webhookUrl ${what}. Copy the incoming webhook's URL from the Slack app's settings; it is not repeated here because it is a secret.`,
  });

/**
 * Checks the URL of an incoming webhook.
 * @throws RemediationError `SLACK_URL_INVALID`, which never contains the URL
 */
export const parseWebhookUrl = (input: unknown, allowedHosts: readonly string[] = []): URL =>
  parseTargetUrl(input, {
    hosts: ['hooks.slack.com', 'hooks.slack-gov.com'],
    allowedHosts,
    invalid,
    pathFault: ({ pathname }) =>
      /^\/services\/[^/]/.test(pathname)
        ? undefined
        : 'is not an incoming webhook: its path must begin with /services/ (workflow triggers take other messages)',
  });
