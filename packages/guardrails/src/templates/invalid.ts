import { RemediationError } from '@remedykit/core';

/** A parameter that cannot be meant: `where` is the template, `what` says the parameter, what it must be and what it was. */
export const invalidParameter = (where: string, what: string): RemediationError =>
  new RemediationError({ code: 'GUARDRAIL_PARAMETER_INVALID', message: `${where}: ${what}` });

/** Text that somebody forgot to fill in. A policy with it matches nothing, and so denies nothing, silently. */
export const unresolvedPlaceholder = (where: string, text: string, found: string): RemediationError =>
  new RemediationError({
    code: 'GUARDRAIL_PLACEHOLDER',
    message: `${where}: ${JSON.stringify(text)} holds the placeholder ${found}. Put in the value that is meant.`,
  });

/** A wildcard exemption that any administrator of an account could make himself match. */
export const unprotectedExemption = (where: string, what: string): RemediationError =>
  new RemediationError({ code: 'GUARDRAIL_EXEMPTION_UNPROTECTED', message: `${where}: ${what}` });
