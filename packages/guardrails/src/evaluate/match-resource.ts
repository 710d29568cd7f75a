import type { PolicyType } from '../policy/document.ts';
import { arnFields, arnMatches } from './arn.ts';
import type { Lookup } from './pattern.ts';

/** A service control policy may cut an ARN short behind a trailing `*`; a resource control policy may not. */
const policyFields = (resource: string, type: PolicyType): readonly string[] | undefined => {
  const full = arnFields(resource);
  if (full !== undefined || type !== 'SERVICE_CONTROL_POLICY') return full;
  return resource.endsWith('*') ? arnFields(`${resource}${':*'.repeat(6 - resource.split(':').length)}`) : undefined;
};

/** Whether a resource of a policy covers the resource of a request. */
export const resourceMatches = (
  policyResource: string,
  resource: string,
  { type, lookup }: { readonly type: PolicyType; readonly lookup: Lookup },
): boolean => {
  if (policyResource === '*') return true;
  const [wanted, actual] = [policyFields(policyResource, type), arnFields(resource)];
  // An action without resources has `*` for its resource, which no ARN covers.
  return wanted !== undefined && actual !== undefined && arnMatches(wanted, actual, lookup);
};
