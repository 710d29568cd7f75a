import { patternMatches, toPattern } from './pattern.ts';

/** Whether an action of a policy covers an action; both are compared without regard to case. */
export const actionMatches = (policyAction: string, action: string): boolean => {
  const pattern = toPattern(policyAction.toLowerCase(), { wildcards: true });
  return pattern !== undefined && patternMatches(pattern, action.toLowerCase());
};
