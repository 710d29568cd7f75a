import { compilePattern, type Pattern, patternMatches, patternMemo } from './pattern.ts';

const patternOf: (policyAction: string) => Pattern = patternMemo((text) => compilePattern(text.toLowerCase()));

/** Whether an action of a policy covers an action, which the caller has put into lower case. */
export const lowerActionMatches = (policyAction: string, lowerAction: string): boolean =>
  policyAction === '*' || patternMatches(patternOf(policyAction), lowerAction);

/** Whether an action of a policy covers an action; both are compared without regard to case. */
export const actionMatches = (policyAction: string, action: string): boolean =>
  lowerActionMatches(policyAction, action.toLowerCase());
