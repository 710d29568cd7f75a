import { maskId } from '../../messages/mask-id.ts';

/** Ids of credentials as a page shows them. */
export interface IdMask {
  /** The id of a credential. */
  readonly id: (id: string) => string;
  /** A text in which ids may stand. */
  readonly text: (text: string) => string;
}

/** Whole, as they are. */
export const noMask: IdMask = { id: (id) => id, text: (text) => text };

/** Ids that their prefix gives away: access keys, temporary ones, service-specific credentials, SSH keys, certificates. */
const prefixed = /(?:AKIA|ASIA|ACCA|APKA|ASCA)[A-Z0-9]{8,124}/g;
const words = /\w{12,128}/g;

/** Shows the ends of ids alone: of those that are known wherever they stand as words, and of all that begin as AWS's do. */
export const createIdMask = (known: Iterable<string>): IdMask => {
  const ids = new Set(known);
  return {
    id: maskId,
    text: (text) => text.replace(words, (word) => (ids.has(word) ? maskId(word) : word)).replace(prefixed, maskId),
  };
};
