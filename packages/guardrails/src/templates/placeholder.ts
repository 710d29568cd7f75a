import { unresolvedPlaceholder } from './invalid.ts';

/** What IAM fills in at the time of a request and a resource may depend on; everything else in `${…}` is a placeholder. */
const meant =
  /^\$\{(?:aws:(?:PrincipalTag|ResourceTag)\/[\w+=.@-]+|aws:(?:PrincipalAccount|PrincipalOrgID|ResourceAccount|ResourceOrgID|username|userid)|[*?$])\}$/;

const suspects = /\$\{[^}]*\}?|\[[^\]]*\]?|<[A-Za-z][^>]*>/g;

/**
 * Passes text through that can stand in a policy.
 * @throws RemediationError `GUARDRAIL_PLACEHOLDER` for `${…}` that is no policy variable of a principal or resource tag,
 * account, organisation or user, and for `[…]` and `<…>`
 */
export const resolved = (where: string, text: string): string => {
  for (const [found] of text.matchAll(suspects)) {
    if (!meant.test(found)) throw unresolvedPlaceholder(where, text, found);
  }
  return text;
};

/** Passes text through that may not even hold a policy variable. */
export const literal = (where: string, text: string): string => {
  const [found] = text.match(/\$\{[^}]*\}?/) ?? [];
  if (found !== undefined) throw unresolvedPlaceholder(where, text, found);
  return resolved(where, text);
};
