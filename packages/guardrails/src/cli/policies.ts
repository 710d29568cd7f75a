import type { PolicyType } from '../policy/document.ts';
import { misuse } from './io.ts';

/** A policy in a file, as it came. */
export interface FoundPolicy {
  readonly policy: unknown;
  /** Where the file says so. */
  readonly type?: PolicyType;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads `scp`, `rcp`, or the name of a type. @throws `CLI_MISUSE` */
export const parsePolicyType = (text: unknown): PolicyType => {
  if (text === 'scp' || text === 'SERVICE_CONTROL_POLICY') return 'SERVICE_CONTROL_POLICY';
  if (text === 'rcp' || text === 'RESOURCE_CONTROL_POLICY') return 'RESOURCE_CONTROL_POLICY';
  throw misuse(`The type of a policy is scp or rcp, not ${JSON.stringify(text)}.`);
};

const typed = (policy: unknown, type: unknown): FoundPolicy => ({
  policy,
  ...(type === undefined ? {} : { type: parsePolicyType(type) }),
});

/**
 * The policies of a JSON file: a document, a list of them, what `print --json` and `pack` write, and the answer of
 * `aws organizations describe-policy`. None when the file is something else.
 */
export const policiesIn = (content: unknown): readonly FoundPolicy[] => {
  if (Array.isArray(content)) return content.flatMap(policiesIn);
  if (!isObject(content)) return [];
  if ('Statement' in content) return [{ policy: content }];
  if (isObject(content.document)) return [typed(content.document, content.type)];
  if (Array.isArray(content.policies)) return content.policies.flatMap(policiesIn);
  const { Policy } = content;
  if (!isObject(Policy) || typeof Policy.Content !== 'string') return [];
  const { Type } = isObject(Policy.PolicySummary) ? Policy.PolicySummary : {};
  try {
    return [typed(JSON.parse(Policy.Content), Type)];
  } catch (cause) {
    throw misuse('The Content of a policy is no JSON.', cause);
  }
};
