import type { RemediationError } from '@remedykit/core';

/** Which URLs a target may have. */
export interface TargetUrlRule {
  /** Exact hosts, `hooks.slack.com`, or whole domains with a leading dot, `.logic.azure.com`. No ports. */
  readonly hosts: readonly string[];
  /** Further hosts of the user's, exactly as in the URL: `host` or `host:port`. */
  readonly allowedHosts?: readonly string[];
  /** What is wrong with the path, for a URL on `hosts`. */
  readonly pathFault?: (url: URL) => string | undefined;
  /** Makes the error from `must begin with https://`; it must not repeat the URL, and has no cause, for that would hold it. */
  readonly invalid: (what: string) => RemediationError;
}

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

const isOn = (url: URL, hosts: readonly string[]): boolean =>
  url.port === '' && hosts.some((host) => (host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host));

/**
 * Checks a target's URL against its allow-list, so that no configuration makes this package post into a network of its
 * reader's choice. `http` is for loopback hosts in `allowedHosts` alone.
 * @throws what `invalid` makes
 */
export const parseTargetUrl = (input: unknown, rule: TargetUrlRule): URL => {
  const { hosts, allowedHosts = [], pathFault, invalid } = rule;
  if (typeof input !== 'string' || input === '') throw invalid('is missing');
  if (!URL.canParse(input)) throw invalid('is not a URL');
  const url = new URL(input);
  if (url.username !== '' || url.password !== '') throw invalid('must not hold a user name or password');
  const allowed = allowedHosts.includes(url.host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed && loopbackHosts.has(url.hostname)))
    throw invalid('must begin with https:// (http:// is for loopback hosts in allowedHosts)');
  if (allowed) return url;
  if (!isOn(url, hosts)) throw invalid(`must be on ${hosts.join(' or ')}, or on one of allowedHosts`);
  const fault = pathFault?.(url);
  if (fault !== undefined) throw invalid(fault);
  return url;
};
