import type { Clock, Duration, Message, Notifier, UpdatableNotifier } from '@remedykit/core';
import { hours, RemediationError, seconds, systemClock, untrusted } from '@remedykit/core';
import { isConsoleUrl } from './console-url.ts';
import { type IdentityCenter, identityCenterUrl, parseStartUrl } from './identity-center.ts';

/** Options of `withAccountContext`. */
export interface AccountContextOptions {
  /** Leads links to the console through the access portal, into the account that the message is about. */
  readonly identityCenter?: IdentityCenter;
  /** The name of an account, from Organizations or a table of yours. What it throws, and what takes over two seconds, is no name. */
  readonly accountName?: (accountId: string) => string | undefined | Promise<string | undefined>;
  /** How long a name is kept, in ms; default one hour. */
  readonly nameTtlMs?: Duration;
  readonly now?: Clock;
}

const patienceMs = seconds(2);

type Lookup = (accountId: string) => Promise<string | undefined>;

const createLookup = ({ accountName, nameTtlMs = hours(1), now = systemClock }: AccountContextOptions): Lookup => {
  const names = new Map<string, { readonly at: number; readonly name: string | undefined }>();
  const ask: Lookup = async (accountId) => {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), patienceMs);
      });
      const name = await Promise.race([accountName?.(accountId), late]);
      return typeof name === 'string' && name.trim() !== '' ? name : undefined;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
  return async (accountId) => {
    const time = now().getTime();
    const kept = names.get(accountId);
    if (kept !== undefined && time >= kept.at && time - kept.at < nameTtlMs) return kept.name;
    const name = await ask(accountId);
    // A name that was not found may be there the next time.
    if (name !== undefined) names.set(accountId, { at: time, name });
    return name;
  };
};

const isAccountFact = (label: string): boolean => /^account( id)?$/i.test(label);

const withName = (message: Message, accountId: string, name: string): Message => {
  // Names are given by people in the account, so they are not ours.
  const value = [accountId, ' (', untrusted(name), ')'];
  const isKnown = message.facts.some(({ label }) => isAccountFact(label));
  const facts = isKnown
    ? message.facts.map((fact) => (isAccountFact(fact.label) ? { ...fact, value } : fact))
    : [...message.facts, { label: 'Account', value }];
  return { ...message, facts };
};

const withPortal = (message: Message, accountId: string, identityCenter: IdentityCenter): Message => {
  const lead = (url: string): string => {
    try {
      return isConsoleUrl(url) ? identityCenterUrl(identityCenter, { accountId, url }) : url;
    } catch {
      // A role function that fails costs the shortcut, not the link.
      return url;
    }
  };
  return {
    ...message,
    links: message.links.map((link) => ({ ...link, url: lead(link.url) })),
    ...(message.actions === undefined
      ? {}
      : {
          actions: message.actions.map((action) =>
            action.url === undefined ? action : { ...action, url: lead(action.url) },
          ),
        }),
  };
};

/**
 * A notifier whose messages name the account, and whose links to the console lead into it through IAM Identity Center.
 * What it makes of a message is told by `subject.accountId`; a message without one stays as it is.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import type { Notifier } from '@remedykit/core';
 * import { withAccountContext } from '@remedykit/notify';
 * const names = new Map([['111122223333', 'payments-prod']]);
 * const named = (notifier: Notifier) =>
 *   withAccountContext(notifier, {
 *     accountName: (accountId) => names.get(accountId),
 *     identityCenter: { startUrl: 'https://d-1234567890.awsapps.com/start', roleName: 'SecurityAudit' },
 *   });
 * ```
 */
export function withAccountContext(notifier: UpdatableNotifier, options: AccountContextOptions): UpdatableNotifier;
export function withAccountContext(notifier: Notifier, options: AccountContextOptions): Notifier;
export function withAccountContext(
  notifier: Notifier | UpdatableNotifier,
  options: AccountContextOptions,
): Notifier | UpdatableNotifier {
  const { identityCenter, accountName, nameTtlMs = 1 } = options;
  if (identityCenter !== undefined) parseStartUrl(identityCenter.startUrl);
  if (!(nameTtlMs >= 0))
    throw new RemediationError({
      code: 'OPTION_INVALID',
      message: `withAccountContext: nameTtlMs must be at least 0, it is ${nameTtlMs}.`,
    });
  const lookup = createLookup(options);

  const decorate = async (message: Message): Promise<Message> => {
    const accountId = message.subject?.accountId;
    if (accountId === undefined || !/^\d{12}$/.test(accountId)) return message;
    const linked = identityCenter === undefined ? message : withPortal(message, accountId, identityCenter);
    const name = accountName === undefined ? undefined : await lookup(accountId);
    return name === undefined ? linked : withName(linked, accountId, name);
  };

  const decorated: Notifier = {
    notify: async (message, rest) => notifier.notify(message === undefined ? undefined : await decorate(message), rest),
    ...(notifier.preflight === undefined ? {} : { preflight: () => notifier.preflight?.() ?? Promise.resolve() }),
  };
  if (!('update' in notifier)) return decorated;
  return {
    ...decorated,
    update: async (id, message, rest) => notifier.update(id, await decorate(message), rest),
    reply: async (id, message, rest) => notifier.reply(id, await decorate(message), rest),
  };
}
