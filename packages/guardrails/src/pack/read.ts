import { RemediationError } from '@remedykit/core';
import type { PolicyDocument } from '../policy/document.ts';
import { parsePolicyDocument } from '../policy/parse.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a policy that is to be packed. A statement about single principals is refused: control policies have none, and without
 * them it would say more than it did.
 * @throws `POLICY_INVALID`
 */
export const readControlPolicy = (input: unknown, where: string): PolicyDocument => {
  const found = isObject(input) ? input.Statement : undefined;
  const statements: readonly unknown[] = Array.isArray(found) ? found : [found];
  for (const [index, statement] of statements.entries()) {
    if (!isObject(statement)) continue;
    if ('NotPrincipal' in statement || ('Principal' in statement && statement.Principal !== '*'))
      throw new RemediationError({
        code: 'POLICY_INVALID',
        message: `${where}: Statement[${index}] names principals, which control policies do not. Pack service and resource control policies alone.`,
      });
  }
  return parsePolicyDocument(input, where);
};
