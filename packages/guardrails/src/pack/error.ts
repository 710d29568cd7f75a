import { RemediationError } from '@remedykit/core';

/** A policy that AWS Organizations would refuse for its length. */
export const tooLong = (what: string): RemediationError =>
  new RemediationError({ code: 'POLICY_TOO_LONG', message: what });

/** More policies than may be attached. */
export const tooMany = (what: string): RemediationError =>
  new RemediationError({ code: 'POLICY_SLOTS_EXCEEDED', message: what });
