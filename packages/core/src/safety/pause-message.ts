import { type Message, untrusted } from '../message.ts';
import type { Pause } from './control-document.ts';

/**
 * What people are told when somebody pauses writes, or ends a pause: who, why, what stays possible and until when. Takes what
 * `pause` or `resume` returned: the pauses in force from now on, none when writes go on. Its live message is resolved then.
 * @example
 * ```ts
 * import { createMemoryStore, hours, pause, pauseMessage } from '@remedykit/core';
 * const store = createMemoryStore();
 * const inForce = await pause(store, { reason: 'network change window', requestedBy: 'a.smith', until: hours(2) });
 * console.log(pauseMessage(inForce));
 * ```
 */
export const pauseMessage = (
  inForce: readonly Pause[],
  { accountId }: { /** 12 digits; absent: every account. */ readonly accountId?: string } = {},
): Message => {
  const where = accountId === undefined ? 'in every account' : `in account ${accountId}`;
  const [first] = inForce;
  const common = {
    key: `pause/${accountId ?? 'all'}`,
    preview: false,
    links: [],
    subject: { ...(accountId === undefined ? {} : { accountId }), type: 'pause' },
  };
  if (first === undefined) {
    return {
      ...common,
      severity: 'low',
      title: `Writes go on ${where}`,
      body: ['No pause is in force any more.'],
      facts: [],
      status: 'resolved',
    };
  }
  const all = inForce.some(({ scope }) => scope === 'all-writes');
  return {
    ...common,
    severity: 'high',
    title: `${all ? 'All writes are' : 'New denies are'} PAUSED ${where}`,
    body: [
      all
        ? 'Nothing is written meanwhile: no attacker is blocked and no deny is taken out.'
        : 'No attacker is blocked meanwhile; denies still end and can be taken out.',
      ...inForce.map(({ requestedBy, reason, until }) => [
        untrusted(requestedBy),
        ` paused until ${until}: `,
        untrusted(reason),
      ]),
    ],
    facts: [],
    status: 'open',
    undone: true,
    at: first.from,
  };
};
