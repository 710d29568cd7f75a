import { parseArn } from '../templates/arn.ts';
import { buildGuardrail, type CommonParameters, templateScope } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import type { Change } from '../templates/draft.ts';
import { exampleOf, neighbourOf } from '../templates/glob.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { atLeastOne } from '../templates/names.ts';

/** What `protectCloudTrail` takes. */
export interface CloudTrailParameters extends CommonParameters {
  /** ARNs of trails, wildcards allowed. Default: all trails. */
  readonly trails?: readonly string[];
  /** ARNs of event data stores of CloudTrail Lake. Default: all. */
  readonly eventDataStores?: readonly string[];
}

/** What stops, blinds or redirects a trail or an event data store, and changes of its tags. */
const changes: readonly string[] = [
  'cloudtrail:AddTags',
  'cloudtrail:Delete*',
  'cloudtrail:Put*',
  'cloudtrail:RemoveTags',
  'cloudtrail:Stop*',
  'cloudtrail:Update*',
];

/** What only event data stores know. */
const storeChanges: readonly string[] = ['cloudtrail:DisableFederation', 'cloudtrail:EnableFederation'];

/**
 * Keeps trails and event data stores logging, with their event and insight selectors, policies and tags.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const protectCloudTrail = (parameters: CloudTrailParameters = {}): Guardrail => {
  const scope = templateScope('protectCloudTrail', parameters);
  const { partition, id } = scope;
  const { trails = [`arn:${partition}:cloudtrail:*:*:trail/*`] } = parameters;
  const { eventDataStores = [`arn:${partition}:cloudtrail:*:*:eventdatastore/*`] } = parameters;
  const resource = atLeastOne(id, 'trails', [...trails, ...eventDataStores]).map((arn) =>
    parseArn(id, arn, { partition, services: ['cloudtrail'] }),
  );
  const [trail = '', ...others] = resource.map(exampleOf);
  const neighbour = neighbourOf(trail, resource);
  const nearMisses: readonly Change[] = neighbour === undefined ? [] : [{ resource: neighbour }];
  return buildGuardrail(scope, {
    statements: [
      {
        sid: 'ProtectCloudTrail',
        action: eventDataStores.length > 0 ? [...changes, ...storeChanges].toSorted() : changes,
        resource,
        denied: [
          { action: 'cloudtrail:PutInsightSelectors', resource: trail },
          ...others.map((other) => ({ action: 'cloudtrail:PutInsightSelectors', resource: other })),
        ],
        nearMisses: [{ action: 'cloudtrail:GetInsightSelectors' }, ...nearMisses],
      },
    ],
    allowed: [{ action: 'ec2:DescribeInstances' }],
  });
};

/** Words on the templates of this file. */
export const cloudTrailTemplates: readonly PolicyTemplate[] = [
  {
    name: 'protectCloudTrail',
    family: 'cloudtrail',
    type: 'SERVICE_CONTROL_POLICY',
    intent: 'The record of who did what cannot be stopped, thinned out or sent elsewhere.',
    breaks: 'Teams with trails of their own, unless the protected trails are named.',
    bypasses: 'The bucket and the key of the trail: protect them with protectLogArchive and protectKms.',
    rollout: straightRollout,
    controls: [
      { name: 'AWS-GR_CLOUDTRAIL_CHANGE_PROHIBITED', id: '1iskvg0qcxofs1t78ittjbnr5' },
      { name: 'AWS-GR_CLOUDTRAIL_ENABLED', id: '3y0z7ziftmm28vdnlzjwe9410' },
      { name: 'AWS-GR_CLOUDTRAIL_VALIDATION_ENABLED', id: 'wa2yjrj2zlenc1y71rim6z49' },
    ],
    example: (common) =>
      protectCloudTrail({
        ...common,
        trails: [`arn:${common?.partition ?? 'aws'}:cloudtrail:*:*:trail/organisation`],
        eventDataStores: [],
      }),
  },
];
