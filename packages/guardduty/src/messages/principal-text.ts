import type { Text } from '@remedykit/core';
import type { FindingPrincipal } from '../finding.ts';
import { joinTexts, say } from './say.ts';

/** Whose credentials were used, for people: `alice (IAMUser, AIDA…)`; all of it is untrusted. */
export const principalText = ({ type, principalId, userName }: FindingPrincipal): Text => {
  const [first, ...more] = [userName, type, principalId].flatMap((text) => (text === undefined ? [] : [say`${text}`]));
  return more.length === 0 ? (first ?? '') : say`${first ?? ''} (${joinTexts(more, ', ')})`;
};
