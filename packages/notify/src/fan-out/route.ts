import type { Message, Notifier, SeverityBand } from '@remedykit/core';
import { RemediationError } from '@remedykit/core';
import { severityOrder } from '../fit/worse.ts';

/** A channel, and which messages go to it. All conditions must hold; a condition on what a message does not say holds. */
export interface Route {
  readonly notifier: Notifier;
  /** Messages of this band and worse. */
  readonly minSeverity?: SeverityBand;
  /** 12 digits each; an empty list is none. */
  readonly accounts?: readonly string[];
  /** Finding types, or beginnings of them with a star at the end: `UnauthorizedAccess:EC2/*`; an empty list is none. */
  readonly types?: readonly string[];
  /** A condition of your own. If it throws, the message is sent: better one too many. */
  readonly when?: (message: Message) => boolean;
}

const matchesType = (pattern: string, type: string): boolean =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

/** What a message does not say is among any list but an empty one, which is none. */
const isAmong = (
  list: readonly string[],
  value: string | undefined,
  matches: (item: string, value: string) => boolean,
): boolean => (value === undefined ? list.length > 0 : list.some((item) => matches(item, value)));

const holds = (when: Route['when'], message: Message): boolean => {
  try {
    return when === undefined || when(message);
  } catch {
    return true;
  }
};

/** Whether a route takes a message. Pure, but for `when`. */
export const takes = ({ minSeverity = 'low', accounts, types, when }: Route, message: Message): boolean => {
  const { accountId, type } = message.subject ?? {};
  return (
    // A severity that this version does not know is sent: better one too many.
    !severityOrder.slice(0, severityOrder.indexOf(minSeverity)).includes(message.severity) &&
    (accounts === undefined || isAmong(accounts, accountId, (account, id) => account === id)) &&
    (types === undefined || isAmong(types, type, matchesType)) &&
    holds(when, message)
  );
};

/**
 * The routes as they are meant.
 * @throws RemediationError `OPTION_INVALID`
 */
export const parseRoutes = (routes: readonly (Notifier | Route)[]): readonly Route[] => {
  const invalid = (what: string): RemediationError =>
    new RemediationError({ code: 'OPTION_INVALID', message: `fanOut: ${what}.` });
  if (routes.length === 0) throw invalid('there must be at least one route');
  return routes.map((route, index): Route => {
    if ('notify' in route) return { notifier: route };
    if (route.minSeverity !== undefined && !severityOrder.includes(route.minSeverity))
      throw invalid(`minSeverity of route ${index} must be one of ${severityOrder.join(', ')}`);
    const account = route.accounts?.find((id) => !/^\d{12}$/.test(id));
    if (account !== undefined)
      throw invalid(`accounts of route ${index} must be 12 digits each, one is ${JSON.stringify(account)}`);
    const star = route.types?.find((type) => type.slice(0, -1).includes('*'));
    if (star !== undefined)
      throw invalid(`types of route ${index} may end in a star and hold no other, one is ${JSON.stringify(star)}`);
    return route;
  });
};
