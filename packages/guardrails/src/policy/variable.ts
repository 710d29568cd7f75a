/** A policy variable, `${aws:username}`, or with a default `${aws:PrincipalTag/team, 'none'}`. */
export const policyVariable = (key: string, fallback?: string): string =>
  fallback === undefined ? `$\{${key}}` : `$\{${key}, '${fallback}'}`;
