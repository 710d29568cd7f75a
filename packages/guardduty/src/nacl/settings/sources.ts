import type { OverflowBlocker } from '../../overflow/overflow-blocker.ts';
import type { BlockerOptions, Scope, TrustOption } from '../options.ts';
import { invalid, isClient } from './checks.ts';

/** How far a deny reaches. */
export const readScope = (scope: Scope = 'subnet'): Scope => {
  if (scope === 'subnet' || scope === 'vpc') return scope;
  throw invalid('scope', "must be 'subnet' or 'vpc'");
};

/** The chain of overflow blockers, each with a name of its own. */
export const readOverflow = (overflow: readonly OverflowBlocker[] = []): readonly OverflowBlocker[] => {
  if (!Array.isArray(overflow)) throw invalid('overflow', 'must be a list of overflow blockers');
  const names = new Set<string>();
  for (const blocker of overflow as readonly OverflowBlocker[]) {
    if (typeof blocker?.covers !== 'function' || typeof blocker.block !== 'function') {
      throw invalid('overflow', 'must hold overflow blockers: a name, and the functions "covers" and "block"');
    }
    if (blocker.sweep !== undefined && typeof blocker.sweep !== 'function') {
      throw invalid('overflow', 'must hold overflow blockers whose "sweep" is a function, or is left out');
    }
    if (typeof blocker.name !== 'string' || !/^[a-z0-9][a-z0-9-]{0,39}$/.test(blocker.name)) {
      throw invalid('overflow', `must hold names of 1 to 40 of a-z, 0-9 and "-"; one is ${String(blocker.name)}`);
    }
    if (names.has(blocker.name)) throw invalid('overflow', `holds two blockers named ${blocker.name}`);
    names.add(blocker.name);
  }
  return [...overflow];
};

/** Whether an account is listed, from a list or a function. */
export const readAccounts = (accounts: BlockerOptions['accounts']): ((accountId: string) => Promise<boolean>) => {
  if (typeof accounts === 'function') return async (accountId) => (await accounts(accountId)) === true;
  if (!Array.isArray(accounts)) throw invalid('accounts', 'must be a list of account ids or a function');
  for (const account of accounts) {
    if (typeof account !== 'string' || !/^\d{12}$/.test(account))
      throw invalid('accounts', `must hold account ids of 12 digits, as text; one is ${account}`);
  }
  const listed = new Set<string>(accounts);
  return async (accountId) => listed.has(accountId);
};

/** Where authority comes from. */
export const readTrust = (trust: TrustOption): TrustOption => {
  const { readBack, channels } = trust ?? {};
  if ((readBack === undefined) === (channels === undefined)) {
    throw invalid('trust', 'must hold either "readBack" (recommended) or "channels"');
  }
  for (const name of Object.keys(trust)) {
    if (name !== 'readBack' && name !== 'detectorId' && name !== 'channels')
      throw invalid(`trust.${name}`, 'is not an option');
  }
  const detectorId = 'detectorId' in trust ? trust.detectorId : undefined;
  if (readBack !== undefined && !isClient(readBack)) {
    throw invalid('trust.readBack', 'must be a GuardDuty client or a function from target to client');
  }
  if (detectorId !== undefined && (readBack === undefined || typeof detectorId !== 'string' || detectorId === '')) {
    throw invalid('trust.detectorId', 'must be the id of the detector that "readBack" asks');
  }
  if (channels !== undefined && !Array.isArray(channels)) throw invalid('trust.channels', 'must be a list');
  for (const channel of channels ?? []) {
    if (
      typeof channel !== 'string' ||
      (channel !== 'eventbridge' && !/^arn:[^:]+:(sqs|sns):[^:]+:\d{12}:.+$/.test(channel))
    ) {
      throw invalid('trust.channels', `must hold 'eventbridge' or ARNs of queues and topics; one is "${channel}"`);
    }
  }
  return trust;
};
