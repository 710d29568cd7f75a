import { buildGuardrail, type CommonParameters, type TemplateScope, templateScope } from '../templates/build.ts';
import { caseArn } from '../templates/case-arn.ts';
import type { Ask } from '../templates/draft.ts';
import type { Guardrail } from '../templates/guardrail.ts';

/** A guardrail of one statement that denies actions on everything. */
export interface DeniedActions {
  readonly id: string;
  readonly sid: string;
  readonly action: readonly string[];
  /** What the first of `asks` is about, `iam` and `user/dana`; nothing for actions without resources. */
  readonly on?: readonly [service: string, resource: string];
  /** Denied actions that deserve a case; the first is the base of all others. */
  readonly asks: readonly [string | Ask, ...(string | Ask)[]];
  /** An action on the same resource that is left alone. */
  readonly left: string;
}

const asked = ({ partition }: TemplateScope, on: DeniedActions['on'], ask: string | Ask): Ask => {
  if (typeof ask !== 'string') return ask;
  return on === undefined ? { action: ask } : { action: ask, resource: caseArn(partition, ...on) };
};

/** Builds it. */
export const denyActions = (parameters: CommonParameters, spec: DeniedActions): Guardrail => {
  const scope = templateScope(spec.id, parameters);
  const { sid, action, on, left } = spec;
  const [first, ...others] = spec.asks;
  return buildGuardrail(scope, {
    statements: [
      {
        sid,
        action,
        denied: [asked(scope, on, first), ...others.map((ask) => asked(scope, on, ask))],
        nearMisses: [{ action: left }],
      },
    ],
    allowed: [
      action.some((name) => name.startsWith('ec2:'))
        ? { action: 's3:ListAllMyBuckets' }
        : { action: 'ec2:DescribeInstances' },
    ],
  });
};
