import { partitionOf, untrusted } from '@remedykit/core';
import * as z from 'zod/mini';
import type { Finding, FindingAction, FindingInterface, FindingPrincipal, Provenance } from '../finding.ts';
import { actionSchema, address, remoteFrom } from './action.ts';
import {
  anyCaseFields,
  camelFields,
  type FieldsOf,
  flag,
  listOf,
  maybe,
  numberWithin,
  pascalName,
  shown,
  text,
  textLike,
  textsOf,
} from './fields.ts';
import { readInstant } from './instant.ts';
import { isRecord, kindOf, parseError } from './parse-error.ts';
import { isSample } from './sample.ts';

const anyText = z.string({ error: 'a string' });
const anything = z.optional(z.unknown());

// Attack sequences have no action: service model guardduty 2017-11-28, shape Sequence.
const detectionSchema = (fields: FieldsOf) =>
  fields({
    sequence: maybe(fields({ endpoints: maybe(listOf(fields({ ip: maybe(address) }))) })),
  });

const serviceSchema = (fields: FieldsOf) =>
  fields({
    action: maybe(actionSchema(fields)),
    additionalInfo: anything,
    archived: maybe(flag),
    count: shown(numberWithin(0, Number.MAX_SAFE_INTEGER, 'a number')),
    detection: maybe(detectionSchema(fields)),
    detectorId: shown(anyText),
    eventFirstSeen: anything,
    eventLastSeen: anything,
    resourceRole: maybe(anyText),
  });

const interfaceSchema = (fields: FieldsOf) =>
  fields({
    networkInterfaceId: maybe(anyText),
    subnetId: maybe(anyText),
    vpcId: maybe(anyText),
    privateIpAddress: maybe(anyText),
    privateIpAddresses: maybe(listOf(fields({ privateIpAddress: maybe(anyText) }))),
    ipv6Addresses: maybe(textsOf(anyText)),
  });

/** A role's name has 64 characters, a session's 64, an id 21; what is longer is none of them. */
const nameOrId = shown(text(256));

/** Shown, and tells copies of one matter: what cannot be read of it is absent. */
const accessKeySchema = (fields: FieldsOf) => fields({ principalId: nameOrId, userName: nameOrId, userType: nameOrId });

/** Required is what the API model requires and we use; limits are those of the model. */
const findingSchema = (fields: FieldsOf) =>
  fields({
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
      fields({
        resourceType: shown(anyText),
        accessKeyDetails: shown(accessKeySchema(fields)),
        instanceDetails: maybe(
          fields({ instanceId: maybe(anyText), networkInterfaces: maybe(listOf(interfaceSchema(fields))) }),
        ),
      }),
    ),
    service: maybe(serviceSchema(fields)),
    // Some log pipelines rename `service` to `finding`; without it the sample and archived flags would be lost.
    finding: maybe(serviceSchema(fields)),
  });

const camelCaseSchema = findingSchema(camelFields);
const anyCaseSchema = findingSchema(anyCaseFields);

type FindingFields = z.output<typeof camelCaseSchema>;
type InterfaceDocument = z.output<ReturnType<typeof interfaceSchema>>;
type ServiceFields = NonNullable<FindingFields['service']>;

type Draft<Whole> = { -readonly [Key in keyof Whole]: Whole[Key] };

/** Sets what is there: null, undefined and empty text count as absent. */
const put = <Whole, Key extends keyof Whole>(
  draft: Whole,
  key: Key,
  value: Whole[Key] | null | undefined | '',
): void => {
  if (value !== undefined && value !== null && value !== '') draft[key] = value;
};

const unique = (values: readonly (string | null | undefined)[]): string[] => [
  ...new Set(values.filter((value): value is string => Boolean(value))),
];

const readInterface = (seen: InterfaceDocument): FindingInterface => {
  const found: Draft<FindingInterface> = {
    privateIpv4: unique([
      seen.privateIpAddress,
      ...(seen.privateIpAddresses ?? []).map((each) => each.privateIpAddress),
    ]),
    ipv6: unique(seen.ipv6Addresses ?? []),
  };
  put(found, 'networkInterfaceId', seen.networkInterfaceId);
  put(found, 'subnetId', seen.subnetId);
  put(found, 'vpcId', seen.vpcId);
  return found;
};

const readInstance = (fields: FindingFields): Finding['instance'] => {
  const details = fields.resource?.instanceDetails;
  if (!details) return undefined;
  const found: Draft<NonNullable<Finding['instance']>> = {
    interfaces: (details.networkInterfaces ?? []).map(readInterface),
  };
  put(found, 'instanceId', details.instanceId);
  return found;
};

const readPrincipal = (fields: FindingFields): FindingPrincipal | undefined => {
  const details = fields.resource?.accessKeyDetails;
  const found: Draft<FindingPrincipal> = {};
  put(found, 'type', details?.userType);
  put(found, 'principalId', details?.principalId);
  put(found, 'userName', details?.userName);
  return Object.keys(found).length === 0 ? undefined : found;
};

const readSequence = (detection: ServiceFields['detection']): FindingAction | undefined => {
  const endpoints = detection?.sequence?.endpoints;
  if (!endpoints) return undefined;
  return { kind: 'attack-sequence', remotes: unique(endpoints.map(({ ip }) => ip)).map(remoteFrom) };
};

const readFinding = (fields: FindingFields, provenance: Provenance): Finding => {
  const service = fields.service ?? fields.finding;
  const finding: Draft<Finding> = {
    id: fields.id,
    type: fields.type,
    accountId: fields.accountId,
    region: fields.region,
    partition: fields.partition ?? partitionOf(fields.region),
    severity: fields.severity,
    sample: isSample(service?.additionalInfo, fields.title, fields.description),
    archived: service?.archived ?? false,
    provenance,
  };
  if (fields.title) finding.title = untrusted(fields.title);
  if (fields.description) finding.description = untrusted(fields.description);
  put(finding, 'createdAt', readInstant(fields.createdAt));
  put(finding, 'updatedAt', readInstant(fields.updatedAt));
  put(finding, 'resourceType', fields.resource?.resourceType);
  put(finding, 'instance', readInstance(fields));
  put(finding, 'principal', readPrincipal(fields));
  put(finding, 'eventFirstSeen', readInstant(service?.eventFirstSeen));
  put(finding, 'eventLastSeen', readInstant(service?.eventLastSeen));
  put(finding, 'count', service?.count);
  put(finding, 'resourceRole', service?.resourceRole);
  put(finding, 'action', service?.action ?? readSequence(service?.detection));
  put(finding, 'detectorId', service?.detectorId);
  return finding;
};

/** Names that say that a document is in PascalCase, whole or in part. */
const pascalNames = ['Id', 'Type', 'AccountId', 'Region', 'Severity', 'Resource', 'Service'];

const saysPascal = (document: object): boolean => pascalNames.some((name) => Object.hasOwn(document, name));

/** The value at a path of camelCase names, and that path as the document spells it. */
const lookUp = (document: unknown, path: readonly PropertyKey[]): { value: unknown; names: PropertyKey[] } => {
  const names: PropertyKey[] = [];
  let value = document;
  for (const key of path) {
    const own = typeof value === 'object' && value !== null ? value : {};
    const pascal = typeof key === 'string' ? pascalName(key) : key;
    const name = !Object.hasOwn(own, key) && (Object.hasOwn(own, pascal) || saysPascal(own)) ? pascal : key;
    names.push(name);
    value = Object.hasOwn(own, name) ? Reflect.get(own, name) : undefined;
  }
  return { value, names };
};

/** Where a document stands: its envelope in words, and the path that leads to it. */
export interface DocumentPlace {
  readonly envelope: string;
  readonly path: readonly (string | number)[];
}

const malformed = (place: DocumentPlace, faults: readonly string[], more = 0): Error =>
  parseError(
    'FINDING_MALFORMED',
    `Cannot read the finding in ${place.envelope}: ${faults.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  );

/** Somebody flattened the document (`service.archived`): its flags would be lost without a word. */
const flattenedKey = (document: object): string | undefined =>
  Object.keys(document).find((key) => /^(service|resource)[._]/i.test(key));

/**
 * Reads a finding document in camelCase, in PascalCase, or in both.
 * @throws RemediationError `FINDING_MALFORMED`, naming up to three fields by their path
 */
export const readFindingDocument = (document: unknown, place: DocumentPlace, provenance: Provenance): Finding => {
  const anyCase = isRecord(document) && saysPascal(document);
  const parsed = z.safeParse(anyCase ? anyCaseSchema : camelCaseSchema, document);
  if (parsed.success) {
    const flattened = parsed.data.service ? undefined : flattenedKey(Object(document));
    if (flattened === undefined) return readFinding(parsed.data, provenance);
    const [parent] = flattened.split(/[._]/);
    throw malformed(place, [`${[...place.path, parent].join('.')} is flattened into keys, expected an object`]);
  }
  const faults = parsed.error.issues.slice(0, 3).map(({ path, message }) => {
    const { value, names } = lookUp(document, path);
    return `${[...place.path, ...names].map(String).join('.') || 'the document'} is ${kindOf(value)}, expected ${message}`;
  });
  throw malformed(place, faults, parsed.error.issues.length - faults.length);
};
