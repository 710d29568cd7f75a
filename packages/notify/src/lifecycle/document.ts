import type { Json, Message, SeverityBand } from '@remedykit/core';
import { type Claim, documentFields } from '../store/change-document.ts';

/** The newest that was heard of one copy of a matter: one finding, in one Region, as seen by one account. */
export interface LiveCopy {
  /** Hash of the message's key. */
  readonly key: string;
  readonly at: string;
  readonly digest: string;
  readonly severity: SeverityBand;
  readonly resolved: boolean;
  readonly accountId?: string;
  readonly region?: string;
}

/** A message that is to be said below the live one. */
export interface LiveReply {
  readonly id: string;
  readonly digest: string;
  readonly message: Message;
}

/** What stands in the channel. */
export interface LivePosted {
  /** Absent where the channel names no messages. */
  readonly messageId?: string;
  /** The revision that it shows. */
  readonly revision: number;
  /** When it was posted first. */
  readonly since: string;
  readonly resolved: boolean;
}

/** What is known of one matter: what should stand in the channel, and what does. */
export interface LiveDocument {
  readonly schema: 1;
  /** Rises with each change of what should be shown; 0: nothing yet. */
  readonly revision: number;
  readonly copies: readonly LiveCopy[];
  readonly shown?: Message;
  readonly shownDigest?: string;
  readonly replies: readonly LiveReply[];
  /** Replies for which there was no room. */
  readonly repliesOmitted: number;
  /** Digests of what said that something was not done, so that it is neither lost nor said twice. */
  readonly said: readonly string[];
  readonly posted?: LivePosted;
  readonly claim?: Claim;
  readonly changedAt: string;
}

const empty: LiveDocument = {
  schema: 1,
  revision: 0,
  copies: [],
  replies: [],
  repliesOmitted: 0,
  said: [],
  changedAt: new Date(0).toISOString(),
};

/**
 * Reads a stored document.
 * @throws RemediationError `SCHEMA_NEWER`, `NOTIFY_STATE_MALFORMED`
 */
export const parseLiveDocument = (key: string, value: Json | undefined): LiveDocument => {
  const fields = documentFields(key, value);
  // Written by this package alone, and of schema 1.
  return fields === undefined ? empty : (fields as unknown as LiveDocument);
};
