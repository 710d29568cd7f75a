import { parseArn } from '../templates/arn.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import { exampleOf, neighbourOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';

/** What `protectEventBuses` takes. */
export interface EventBusParameters extends CommonParameters {
  /** ARNs of custom event buses whose events are trusted, wildcards allowed. Default: those named `remedykit-…`, of both generations. */
  readonly eventBusArns?: readonly string[];
}

const changes: readonly string[] = ['events:DeleteEventBus', 'events:PutEvents', 'events:UpdateEventBus'];
const policyChanges: readonly string[] = [
  'events:DeleteResourcePolicy',
  'events:PutRawEvents',
  'events:PutResourcePolicy',
];

/**
 * Denies putting events on trusted buses and changing the buses, and opening any bus to others by its policy.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectEventBuses = (parameters: EventBusParameters = {}): Guardrail => {
  const scope = templateScope('protectEventBuses', parameters);
  const { id, partition } = scope;
  const standard = ['event-bus/remedykit-*', 'event-busv2/remedykit-*/*'];
  const { eventBusArns = standard.map((name) => `arn:${partition}:events:*:*:${name}`) } = parameters;
  const buses = atLeastOne(id, 'eventBusArns', eventBusArns).map((arn) => {
    if (!/:event-bus(?:v2)?\//.test(parseArn(id, arn, { partition, services: ['events'] })))
      throw invalidParameter(id, `"${arn}" is no event bus.`);
    return arn;
  });
  /** Buses of the second generation have policies of their own, and take raw events. */
  const second = buses.some((arn) => arn.includes(':event-busv2/'));
  const [bus = '', ...others] = buses.map(exampleOf);
  const neighbour = neighbourOf(bus, buses);
  const put = (resource: string) => ({ action: 'events:PutEvents', resource });
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ProtectEventBuses',
        action: second ? [...changes, ...policyChanges].toSorted() : changes,
        resource: buses,
        denied: [put(bus), ...others.map(put)],
        nearMisses: [
          { action: 'events:DescribeEventBus' },
          ...(neighbour === undefined ? [] : [{ resource: neighbour }]),
        ],
      },
      {
        sid: 'KeepBusPolicies',
        action: ['events:PutPermission', 'events:RemovePermission'],
        denied: [{ action: 'events:PutPermission' }, { action: 'events:RemovePermission' }],
        nearMisses: [{ action: 'events:ListEventBuses' }],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const eventBusTemplates: readonly PolicyTemplate[] = [
  {
    name: 'protectEventBuses',
    family: 'automation',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Nobody forges an event that an automation trusts, or lets strangers send some.',
    breaks: 'Applications with cross-account buses: exempt their pipelines.',
    bypasses:
      'The default bus takes events of everybody in the account, never with the source aws.*: match on the source.',
    rollout: straightRollout,
    controls: [{ name: 'AWS-GR_CLOUDWATCH_EVENTS_CHANGE_PROHIBITED', id: 'aoa66btqlvrz0ztealide8ll7' }],
    example: protectEventBuses,
  },
];
