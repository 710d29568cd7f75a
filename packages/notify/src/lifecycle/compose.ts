import type { Message } from '@remedykit/core';
import { untrusted } from '@remedykit/core';
import type { LiveCopy, LiveDocument } from './document.ts';
import { isResolved, severityOf } from './merge.ts';

const maxNames = 12;

const nameOf = ({ accountId, region }: LiveCopy): string =>
  [region, accountId].filter((part) => part !== undefined).join(' / ') || 'unknown place';

const listOf = (copies: readonly LiveCopy[]): string => {
  const names = [...new Set(copies.map(nameOf))].toSorted();
  const more = names.length - maxNames;
  return more > 0 ? `${names.slice(0, maxNames).join(', ')} and ${more} more` : names.join(', ');
};

/** A message under the name of its matter, so that a channel takes all messages about it for one thing, whatever copy they tell of. */
export const inMatter = (message: Message, matter: string): Message => ({
  ...message,
  key: matter,
  subject: { ...message.subject, matter },
});

/**
 * The one message that stands for a matter: the newest that is known, with the worst severity of all open copies, resolved
 * when all are, and the places where it was seen, where they are several. Pure.
 */
export const composeLive = ({ shown, copies, repliesOmitted }: LiveDocument, matter: string): Message | undefined => {
  if (shown === undefined) return undefined;
  const resolved = isResolved(copies);
  const open = copies.filter((copy) => !copy.resolved);
  const over = copies.filter((copy) => copy.resolved);
  const facts = [...shown.facts];
  if (copies.length > 1 && open.length > 0) facts.push({ label: 'Seen in', value: untrusted(listOf(open)) });
  if (copies.length > 1 && over.length > 0) facts.push({ label: 'Resolved in', value: untrusted(listOf(over)) });
  if (repliesOmitted > 0) facts.push({ label: 'Changes', value: `${repliesOmitted} are not listed below` });
  const severity = severityOf(copies, shown.severity);
  return { ...inMatter(shown, matter), facts, severity, status: resolved ? 'resolved' : 'open' };
};
