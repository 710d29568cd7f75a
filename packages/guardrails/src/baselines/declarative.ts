import type { DeclarativeGuardrail } from '../declarative/ec2.ts';
import type { DeclarativeDocument } from '../declarative/schema.ts';
import type { DeclarativeToAttach } from '../outputs/resources.ts';
import { invalidParameter } from '../templates/invalid.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const merge = (one: unknown, other: unknown, path: string): unknown => {
  if (one === undefined || JSON.stringify(one) === JSON.stringify(other)) return other;
  if (!isObject(one) || !isObject(other))
    throw invalidParameter('mergeDeclarative', `${path} is set twice, to different values.`);
  return Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((key) => [
      key,
      other[key] === undefined ? one[key] : merge(one[key], other[key], `${path}.${key}`),
    ]),
  );
};

/**
 * Several declarative guardrails as one policy: a target takes few, and one says the same.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` when two say different things about one attribute
 */
export const mergeDeclarative = (
  id: string,
  guardrails: readonly DeclarativeGuardrail[],
): readonly DeclarativeToAttach[] => {
  if (guardrails.length === 0) return [];
  const document: DeclarativeDocument = {
    ec2_attributes: guardrails.reduce<Readonly<Record<string, unknown>>>((found, one) => {
      const merged = merge(found, one.document.ec2_attributes, 'ec2_attributes');
      return isObject(merged) ? merged : found;
    }, {}),
  };
  return [{ id, type: 'DECLARATIVE_POLICY_EC2', document }];
};
