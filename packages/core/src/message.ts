/**
 * Text that somebody else wrote (a finding's description, a tag, a user agent). It is an object on purpose: it cannot be
 * put into a payload as a string, only through a renderer that escapes it for its target.
 */
export interface Untrusted {
  readonly untrusted: string;
}

/** Marks text as written by somebody else. */
export const untrusted = (text: string): Untrusted => ({ untrusted: text });

/** Our own words, untrusted text, or both in turn. */
export type Text = string | Untrusted | readonly (string | Untrusted)[];

/** Severity band: GuardDuty's Low (below 4), Medium (4 to 6.9), High (7 to 8.9), Critical (9 and more). */
export type SeverityBand = 'low' | 'medium' | 'high' | 'critical';

/** The band of a GuardDuty severity (0 to 10). Source: GuardDuty user guide, findings severity. */
export const severityBand = (severity: number): SeverityBand =>
  severity >= 9 ? 'critical' : severity >= 7 ? 'high' : severity >= 4 ? 'medium' : 'low';

/** One labelled value. */
export interface MessageFact {
  readonly label: string;
  readonly value: Text;
}

/** A link; the URL is ours and is never taken from a finding. */
export interface MessageLink {
  readonly label: string;
  readonly url: string;
}

/** What a person can do next, with the page where it is done. */
export interface MessageAction {
  readonly text: Text;
  /** Ours, never taken from a finding. */
  readonly url?: string;
}

/** What a message is about, for routing and for collapsing copies. */
export interface MessageSubject {
  readonly accountId?: string;
  readonly region?: string;
  /** The finding type, or another name of the kind of message (`sweep`, `credential-run`). */
  readonly type?: string;
  /**
   * The same for every copy of one matter: findings of several Regions, or of member and administrator, about one thing.
   * Their messages become one. Default: the key of the message. At most 255 characters.
   */
  readonly matter?: string;
}

/**
 * What people are told, neutral to the channel. Built by the domain that knows it, rendered by each notifier within its
 * target's limits; parts are listed most important first, and the last are left out first where space is short.
 */
export interface Message {
  /** Groups the messages about one subject: a notifier may update, thread or collapse by it. At most 255 characters. */
  readonly key: string;
  readonly severity: SeverityBand;
  /** True when nothing was done: the same message, shown as a preview. */
  readonly preview: boolean;
  readonly title: Text;
  /** Sentences, the most important first. */
  readonly body: readonly Text[];
  readonly facts: readonly MessageFact[];
  readonly links: readonly MessageLink[];
  /** Next steps for a person, the most important first. */
  readonly actions?: readonly MessageAction[];
  readonly subject?: MessageSubject;
  /** `resolved`: the matter is over (archived, released), and its live message may be closed. Default `open`. */
  readonly status?: 'open' | 'resolved';
  /** True when it says that something was *not* done: it must reach somebody, over a second channel if the first refuses it. */
  readonly undone?: boolean;
  /** The instant that the message tells of, ISO 8601: an older message never overwrites a newer one about the same key. */
  readonly at?: string;
  /** Whom the message is for, where the channel can address a person (mail). */
  readonly recipient?: string;
}
