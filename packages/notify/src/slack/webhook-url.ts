import { RemediationError } from '@remedykit/core';

const slackHosts: ReadonlySet<string> = new Set(['hooks.slack.com', 'hooks.slack-gov.com']);
const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

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
export const parseWebhookUrl = (input: unknown, allowedHosts: readonly string[] = []): URL => {
  if (typeof input !== 'string' || input === '') throw invalid('is missing');
  if (!URL.canParse(input)) throw invalid('is not a URL');
  const url = new URL(input);
  if (url.username !== '' || url.password !== '') throw invalid('must not hold a user name or password');
  const allowed = allowedHosts.includes(url.host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed && loopbackHosts.has(url.hostname)))
    throw invalid('must begin with https:// (http:// is for loopback hosts in allowedHosts)');
  if (allowed) return url;
  if (!slackHosts.has(url.host)) throw invalid(`must be on ${[...slackHosts].join(' or ')}, or on one of allowedHosts`);
  if (!/^\/services\/[^/]/.test(url.pathname))
    throw invalid(
      'is not an incoming webhook: its path must begin with /services/ (workflow triggers take other messages)',
    );
  return url;
};
