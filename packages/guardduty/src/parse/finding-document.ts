import { untrusted } from '@remedykit/core';
import * as z from 'zod/mini';
import type { Finding, FindingInterface, Provenance } from '../finding.ts';
import { actionSchema } from './action.ts';
import { fieldsOf, flag, listOf, maybe, numberWithin, shown, text, textLike } from './fields.ts';
import { readInstant } from './instant.ts';
import { kindOf, parseError } from './parse-error.ts';
import { partitionOf } from './partition.ts';
import { isSample } from './sample.ts';

const anyText = z.string({ error: 'a string' });
const anything = z.optional(z.unknown());

const interfaceSchema = fieldsOf({
  networkInterfaceId: maybe(anyText),
  subnetId: maybe(anyText),
  vpcId: maybe(anyText),
  privateIpAddress: maybe(anyText),
  privateIpAddresses: maybe(listOf(fieldsOf({ privateIpAddress: maybe(anyText) }))),
  ipv6Addresses: maybe(listOf(anyText)),
});

const serviceSchema = fieldsOf({
  action: maybe(actionSchema),
  additionalInfo: anything,
  archived: maybe(flag),
  count: shown(numberWithin(0, Number.MAX_SAFE_INTEGER, 'a number')),
  detectorId: shown(anyText),
  eventFirstSeen: anything,
  eventLastSeen: anything,
  resourceRole: maybe(anyText),
});

/** A finding in camelCase. Required is what the API model requires and we use; limits are those of the model. */
const findingSchema = fieldsOf({
  id: text(300),
  type: text(100),
  accountId: textLike(/^\d{12}$/, 'a string of 12 digits'),
  // Clients are made for it, so it has to look like a Region and like nothing that could end in a host name.
  region: textLike(/^(?=.{5,32}$)[a-z]{2,}(-[a-z0-9]+)+$/, 'the name of a Region as a string'),
  severity: numberWithin(0, 10, 'a number from 0 to 10'),
  partition: shown(textLike(/^aws[a-z-]*$/, 'a partition')),
  title: shown(anyText),
  description: shown(anyText),
  createdAt: anything,
  updatedAt: anything,
  resource: maybe(
    fieldsOf({
      resourceType: shown(anyText),
      instanceDetails: maybe(
        fieldsOf({ instanceId: maybe(anyText), networkInterfaces: maybe(listOf(interfaceSchema)) }),
      ),
    }),
  ),
  service: maybe(serviceSchema),
  // Some log pipelines rename `service` to `finding`; without it the sample and archived flags would be lost.
  finding: maybe(serviceSchema),
});

type InterfaceDocument = z.output<typeof interfaceSchema>;
type FindingFields = z.output<typeof findingSchema>;

/** Leaves out what is absent: null, undefined and empty text. */
const present = <Key extends string, Value>(key: Key, value: Value | null | undefined | ''): { [K in Key]?: Value } =>
  (value == null || value === '' ? {} : { [key]: value }) as { [K in Key]?: Value }; // TypeScript widens a computed key to string.

const unique = (values: readonly (string | null | undefined)[]): string[] => [
  ...new Set(values.filter((value): value is string => Boolean(value))),
];

const readInterface = (seen: InterfaceDocument): FindingInterface => ({
  ...present('networkInterfaceId', seen.networkInterfaceId),
  ...present('subnetId', seen.subnetId),
  ...present('vpcId', seen.vpcId),
  privateIpv4: unique([seen.privateIpAddress, ...(seen.privateIpAddresses ?? []).map((each) => each.privateIpAddress)]),
  ipv6: unique(seen.ipv6Addresses ?? []),
});

const readInstance = (fields: FindingFields): Finding['instance'] => {
  const details = fields.resource?.instanceDetails;
  if (!details) return undefined;
  return {
    ...present('instanceId', details.instanceId),
    interfaces: (details.networkInterfaces ?? []).map(readInterface),
  };
};

const readFinding = (fields: FindingFields, provenance: Provenance): Finding => {
  const service = fields.service ?? fields.finding;
  return {
    id: fields.id,
    type: fields.type,
    accountId: fields.accountId,
    region: fields.region,
    partition: fields.partition ?? partitionOf(fields.region),
    severity: fields.severity,
    ...present('title', fields.title ? untrusted(fields.title) : undefined),
    ...present('description', fields.description ? untrusted(fields.description) : undefined),
    ...present('createdAt', readInstant(fields.createdAt)),
    ...present('updatedAt', readInstant(fields.updatedAt)),
    ...present('eventFirstSeen', readInstant(service?.eventFirstSeen)),
    ...present('eventLastSeen', readInstant(service?.eventLastSeen)),
    ...present('count', service?.count),
    sample: isSample(service?.additionalInfo, fields.title, fields.description),
    archived: service?.archived ?? false,
    ...present('resourceType', fields.resource?.resourceType),
    ...present('resourceRole', service?.resourceRole),
    ...present('instance', readInstance(fields)),
    ...present('action', service?.action),
    ...present('detectorId', service?.detectorId),
    provenance,
  };
};

const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    document,
  );

/** Where a document stands: its envelope in words, and the path that leads to it. */
export interface DocumentPlace {
  readonly envelope: string;
  readonly path: readonly string[];
}

/**
 * Reads a camelCase finding document.
 * @throws RemediationError `FINDING_MALFORMED`, naming up to three fields by their path
 */
export const readFindingDocument = (document: unknown, place: DocumentPlace, provenance: Provenance): Finding => {
  const parsed = z.safeParse(findingSchema, document);
  if (parsed.success) return readFinding(parsed.data, provenance);
  const faults = parsed.error.issues.slice(0, 3).map(({ path, message }) => {
    const name = [...place.path, ...path].map(String).join('.') || 'the document';
    return `${name} is ${kindOf(valueAt(document, path))}, expected ${message}`;
  });
  const more = parsed.error.issues.length - faults.length;
  throw parseError(
    'FINDING_MALFORMED',
    `Cannot read the finding in ${place.envelope}: ${faults.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  );
};
