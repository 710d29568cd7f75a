import {
  automationChanges,
  itemWrites,
  mailAccountChanges,
  type ResourceProtection,
} from '../data/automation-changes.ts';
import { arnParts, parseArn } from '../templates/arn.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { principalOf } from '../templates/cases.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import type { Ask, StatementDraft } from '../templates/draft.ts';
import { parsePrincipals } from '../templates/exemptions.ts';
import { exampleOf, globMatches, neighbourOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne, type Partition } from '../templates/names.ts';

/** What `protectAutomationResources` takes. */
export interface AutomationParameters extends CommonParameters {
  /**
   * ARNs of what the automation is made of, wildcards allowed: roles, functions, tables, queues, keys and aliases, schedules,
   * rules and event buses, topics, log groups, alarms, mail identities and configuration sets, buckets, secrets and parameters.
   * Default: everything named `remedykit-…`.
   */
  readonly resourceArns?: readonly string[];
  /**
   * Exact ARNs of those who may pause remediations by hand: they may write the control documents of the tables (partition key
   * `control`) and nothing else in them.
   */
  readonly pausedBy?: readonly string[];
}

interface Part {
  readonly arn: string;
  readonly service: string;
  readonly protection: ResourceProtection;
}

const standard = (partition: Partition): readonly string[] =>
  [
    'cloudwatch:*:*:alarm:remedykit-*',
    'dynamodb:*:*:table/remedykit*',
    'events:*:*:rule/remedykit-*',
    'iam::*:role/remedykit-*',
    'kms:*:*:alias/remedykit*',
    'lambda:*:*:function:remedykit-*',
    'logs:*:*:log-group:/aws/lambda/remedykit-*',
    's3:::remedykit-*',
    'scheduler:*:*:schedule/*/remedykit-*',
    'secretsmanager:*:*:secret:remedykit*',
    'ses:*:*:configuration-set/remedykit*',
    'sns:*:*:remedykit-*',
    'sqs:*:*:remedykit-*',
  ].map((rest) => `arn:${partition}:${rest}`);

const partOf = (id: string, arn: string, partition: Partition): Part => {
  const { service, resource } = arnParts(parseArn(id, arn, { partition }));
  const protection = automationChanges.data[service]?.find(({ starts }) => resource.startsWith(starts));
  if (protection === undefined)
    throw invalidParameter(id, `"${arn}" is of a kind that is not known here. Protect it by a policy of its own.`);
  return { arn, service, protection };
};

const resourcesOf = ({ arn, protection: { suffix } }: Part): readonly string[] =>
  suffix === undefined || arn.endsWith('*') ? [arn] : [arn, `${arn}${suffix}`];

/** An example with everything of its kind filled in: a schedule has a group, a bucket no path. */
const whole = (part: Part, withItems: boolean): StatementDraft => {
  const resource = resourcesOf(part);
  const { denied, deniedWithItems = denied, example, left } = part.protection;
  const neighbour = neighbourOf(exampleOf(part.arn), resource);
  return {
    sid: 'ProtectAutomation',
    action: withItems ? deniedWithItems : denied,
    resource,
    denied: [{ action: example, resource: exampleOf(part.arn) }],
    nearMisses: [{ action: left }, ...(neighbour === undefined ? [] : [{ resource: neighbour }])],
  };
};

/** One statement of several, whose services have no resources in common, so that it denies the same. */
const merged = (drafts: readonly StatementDraft[]): StatementDraft => {
  const [first, ...others] = drafts;
  if (first === undefined)
    throw invalidParameter('protectAutomationResources', 'resourceArns must hold at least one value.');
  return {
    ...first,
    action: [...new Set(drafts.flatMap(({ action = [] }) => action))].toSorted(),
    resource: [...new Set(drafts.flatMap(({ resource = [] }) => resource))],
    denied: [...first.denied, ...others.flatMap(({ denied }) => denied)],
  };
};

/** Who feeds a function with what: a mapping belongs to no function’s ARN. */
const mappings = (parts: readonly Part[]): readonly StatementDraft[] => {
  const functions = parts.filter(({ service }) => service === 'lambda');
  if (functions.length === 0) return [];
  const context = (arn: string): Readonly<Record<string, string>> => ({ 'lambda:FunctionArn': arn });
  const examples = functions.map(({ arn }) => exampleOf(arn));
  const [first = '', ...others] = examples;
  const neighbour = neighbourOf(
    first,
    functions.map(({ arn }) => arn),
  );
  const create = 'lambda:CreateEventSourceMapping';
  return [
    {
      sid: 'ProtectEventSources',
      action: [create, 'lambda:DeleteEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      condition: { ArnLike: { 'lambda:FunctionArn': functions.flatMap(resourcesOf) } },
      denied: [
        { action: create, context: context(first) },
        ...functions
          .filter((part) => resourcesOf(part).length > 1)
          .map(({ arn }) => ({ action: create, context: context(`${exampleOf(arn)}:live`) })),
        ...others.map((arn) => ({ action: create, context: context(arn) })),
      ],
      nearMisses: [
        { action: 'lambda:ListEventSourceMappings' },
        ...(neighbour === undefined ? [] : [{ context: context(neighbour) }]),
      ],
    },
  ];
};

const mail = (parts: readonly Part[]): readonly StatementDraft[] =>
  parts.some(({ service }) => service === 'ses')
    ? [
        {
          sid: 'ProtectMail',
          action: mailAccountChanges,
          denied: [{ action: 'ses:UpdateAccountSendingEnabled' }],
          nearMisses: [{ action: 'ses:GetSendQuota' }],
        },
      ]
    : [];

/** Items of the tables: for nobody else, and the control documents for those who may pause. */
const items = (parts: readonly Part[], pausers: readonly string[]): readonly StatementDraft[] => {
  const tables = parts.flatMap((part) => (part.service === 'dynamodb' ? [part.arn] : []));
  const [table, ...others] = tables;
  if (table === undefined || pausers.length === 0) return [];
  const write = (arn: string, key: string, action = 'dynamodb:PutItem'): Ask => ({
    action,
    resource: exampleOf(arn),
    context: { 'dynamodb:LeadingKeys': [key] },
  });
  const pause = (arn: string): Ask => write(arn, 'control', 'dynamodb:UpdateItem');
  const read = { action: 'dynamodb:GetItem' };
  const [pauser = '', ...otherPausers] = pausers;
  const byPauser = (arn: string): Ask => ({ ...write(table, 'nacl'), principal: principalOf(arn) });
  return [
    {
      sid: 'ProtectState',
      action: itemWrites,
      resource: tables,
      condition: { ArnNotLike: { 'aws:PrincipalArn': pausers } },
      provenElsewhere: { exempt: true },
      denied: [pause(table), ...others.map(pause)],
      nearMisses: [read, ...otherPausers.map((arn) => ({ principal: principalOf(arn) }))],
    },
    {
      sid: 'ProtectPauseOnly',
      action: itemWrites,
      resource: tables,
      condition: { 'ForAnyValue:StringNotEquals': { 'dynamodb:LeadingKeys': 'control' } },
      // Who is no principal at all is not one who may pause either.
      provenElsewhere: { keys: ['aws:PrincipalArn'] },
      denied: [byPauser(pauser), ...others.map((arn) => ({ ...write(arn, 'nacl'), principal: principalOf(pauser) }))],
      nearMisses: [read, { context: { 'dynamodb:LeadingKeys': ['control'] } }],
    },
  ];
};

/**
 * Protects the parts of the automation itself: else whoever is remediated can change the code, feed it events, take its
 * state, its mail or its records away, or call it in his own name. Exempt the roles of the automation, those that its
 * schedules use among them, and the pipeline that deploys it.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectAutomationResources = (parameters: AutomationParameters = {}): Guardrail => {
  const scope = templateScope('protectAutomationResources', parameters);
  const { id, partition } = scope;
  const arns = atLeastOne(id, 'resourceArns', parameters.resourceArns ?? standard(partition));
  const parts = arns.map((arn) => partOf(id, arn, partition));
  const pausers =
    parameters.pausedBy === undefined
      ? []
      : parsePrincipals(id, 'pausedBy', parameters.pausedBy, partition).filter(
          (arn) => !scope.exempt.principals.some((pattern) => globMatches(pattern, arn)),
        );
  return buildGuardrail(scope, {
    statements: [
      merged(parts.map((part) => whole(part, pausers.length === 0))),
      ...mappings(parts),
      ...mail(parts),
      ...items(parts, pausers),
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const automationTemplates: readonly PolicyTemplate[] = [
  {
    name: 'protectAutomationResources',
    family: 'automation',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'Those who are remediated cannot change, feed, pause, impersonate or silence what remediates.',
    breaks:
      'Operators who test a function or redrive a queue by hand: exempt a role for it, and use pausedBy for pauses.',
    bypasses:
      'The account that runs it: keep it apart, with few administrators. Keys that are named by alias alone: give key ARNs.',
    rollout: straightRollout,
    controls: [
      { name: 'AWS-GR_LAMBDA_CHANGE_PROHIBITED', id: '6g1vku0mw1b12o9jhuouxj8ia' },
      { name: 'AWS-GR_CLOUDWATCH_EVENTS_CHANGE_PROHIBITED', id: 'aoa66btqlvrz0ztealide8ll7' },
      { name: 'AWS-GR_SNS_CHANGE_PROHIBITED', id: '8axz4m7a5i0p6djlcszljt4v1' },
      { name: 'AWS-GR_SNS_SUBSCRIPTION_CHANGE_PROHIBITED', id: '4nsca5yf5oz41tr6r6bs5mmte' },
      { name: 'AWS-GR_LOG_GROUP_POLICY', id: '8cclsjiy1o81kfsmzpt85nbjk' },
    ],
    example: (common) =>
      protectAutomationResources({
        ...common,
        pausedBy: [`arn:${common?.partition ?? 'aws'}:iam::111122223333:role/on-call`],
      }),
  },
];
