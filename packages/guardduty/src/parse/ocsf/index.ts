import * as z from 'zod/mini';
import type { Finding, Provenance, RemoteAddress } from '../../finding.ts';
import { address, remoteFrom } from '../action.ts';
import { type Fault, faultsOf, malformed } from '../asff/faults.ts';
import { readFindingArn } from '../asff/finding-arn.ts';
import { foreignProduct } from '../asff/product.ts';
import { camelFields, listOf, maybe, numberWithin, shown, textLike, textsOf } from '../fields.ts';
import { type DocumentPlace, readFindingDocument } from '../finding-document.ts';
import { readInstant } from '../instant.ts';
import { isRecord, kindOf, parseError } from '../parse-error.ts';
import { ownAddresses, readResource, resourceSchema } from './resource.ts';

const anyText = z.string({ error: 'a string' });
const anything = z.optional(z.unknown());
const enumeration = maybe(numberWithin(0, 99, 'a number from 0 to 99'));
const endpoint = maybe(camelFields({ ip: maybe(address) }));

/** What of OCSF is read. Source: OCSF 1.6, class Detection Finding, as the events of Security Hub have it. */
const ocsfSchema = camelFields({
  activity_id: enumeration,
  status_id: enumeration,
  severity_id: enumeration,
  vendor_attributes: shown(camelFields({ severity_id: enumeration })),
  cloud: camelFields({
    account: camelFields({ uid: textLike(/^\d{12}$/, 'a string of 12 digits') }),
    region: maybe(textLike(/^(?=.{5,32}$)[a-z]{2,}(-[a-z0-9]+)+$/, 'the name of a Region as a string')),
  }),
  count: anything,
  finding_info: camelFields({
    uid: anyText,
    types: textsOf(anyText),
    title: anything,
    desc: anything,
    created_time: anything,
    created_time_dt: anything,
    modified_time: anything,
    modified_time_dt: anything,
    first_seen_time: anything,
    first_seen_time_dt: anything,
    last_seen_time: anything,
    last_seen_time_dt: anything,
  }),
  evidences: maybe(listOf(camelFields({ src_endpoint: endpoint, dst_endpoint: endpoint }))),
  resources: maybe(listOf(resourceSchema)),
});

type Ocsf = z.output<typeof ocsfSchema>;

/** `severity_id` to where the band of GuardDuty begins that has its name; 6 is Fatal, which GuardDuty does not know. */
const bandStarts: readonly (number | undefined)[] = [undefined, 0, 1, 4, 7, 9, 9];

/** A type of GuardDuty stands beside names of groups such as `Threats`. */
const typesIn = (types: readonly string[]): ReadonlySet<string> =>
  new Set(types.filter((type) => /^[A-Za-z][^/:]*:[^/:]+\/[^/:]+$/.test(type)));

/** New and not closed; whatever else people or an update made of it, or a state that is not said, is not acted on. */
const isOpen = ({ activity_id, status_id }: Ocsf): boolean =>
  status_id === 1 && (activity_id === 1 || activity_id === 2);

/** Every address of the evidence that is not one of the resources' own: which side is remote is not said. */
const addressesIn = ({ evidences, resources }: Ocsf): RemoteAddress[] => {
  const own = ownAddresses(resources ?? []);
  const seen = new Set(
    (evidences ?? []).flatMap(({ src_endpoint, dst_endpoint }) => [src_endpoint?.ip, dst_endpoint?.ip]),
  );
  return [...seen].flatMap((ip) => (ip && !own.has(ip) ? [remoteFrom(ip)] : []));
};

const productOf = ({ metadata }: Readonly<Record<string, unknown>>): unknown =>
  isRecord(metadata) && isRecord(metadata.product) ? metadata.product.uid : undefined;

/**
 * The GuardDuty finding in a finding of the newer Security Hub (OCSF, class Detection Finding), as far as it can be known.
 *
 * It never blocks. Certain from public events are the finding's id, type, account, Region, detector, times, state and
 * instance. AWS publishes no mapping of the rest, and no public event of a network finding is known: which of the two
 * endpoints is the remote one, and who opened the connection, would be guesses, and a wrong guess denies the victim. So
 * `resourceRole` is left out, the action is `other` with every address of the evidence, and people see them. For
 * anything more the same finding arrives from GuardDuty itself.
 *
 * - `archived` is also true where the status is not New, or the activity is neither Create nor Update.
 * - `eventLastSeen` is `last_seen_time` and never the time of an import or update; without it `updatedAt` is left out
 *   too, so the finding is stale.
 * - The severity is where GuardDuty's band begins; `origin` is `securityhub`, so it must not rank.
 *
 * Sources: Security Hub user guide, EventBridge event formats; OCSF 1.6; public events of 2025.
 * @throws RemediationError `FINDING_MALFORMED`, naming up to three fields by their path in the OCSF; `NOT_A_FINDING` for a
 * finding of another product or class
 */
export const ocsfFinding = (
  ocsf: Readonly<Record<string, unknown>>,
  place: DocumentPlace,
  provenance: Provenance,
): Finding => {
  const foreign = foreignProduct(productOf(ocsf), 'productv2', ['metadata', 'product', 'uid'], place);
  if (foreign) throw foreign;
  if (ocsf.class_uid !== 2004) {
    throw parseError(
      'NOT_A_FINDING',
      `The Security Hub finding in ${place.envelope} is not of the class Detection Finding: ${[...place.path, 'class_uid'].join('.')} has to be 2004.`,
    );
  }
  const parsed = z.safeParse(ocsfSchema, ocsf);
  if (!parsed.success) throw malformed(place, faultsOf(parsed.error.issues, ocsf));
  const fields = parsed.data;
  const { cloud, finding_info: info } = fields;
  const arn = readFindingArn(info.uid);
  const [type, ...otherTypes] = typesIn(info.types);
  const severity = bandStarts[fields.vendor_attributes?.severity_id ?? fields.severity_id ?? 0];
  const faults: Fault[] = [
    ...(arn ? [] : [{ path: ['finding_info', 'uid'], found: 'a string', expected: 'the ARN of a GuardDuty finding' }]),
    ...(arn && arn.accountId !== cloud.account.uid
      ? [{ path: ['cloud', 'account', 'uid'], found: 'a string', expected: 'the account that finding_info.uid names' }]
      : []),
    ...(type === undefined || otherTypes.length > 0
      ? [{ path: ['finding_info', 'types'], found: 'a list', expected: 'a list with one GuardDuty finding type' }]
      : []),
    ...(severity === undefined
      ? [{ path: ['severity_id'], found: kindOf(ocsf.severity_id), expected: 'a severity from 1 to 6' }]
      : []),
  ];
  if (!arn || faults.length > 0) throw malformed(place, faults);
  const lastSeen = readInstant(info.last_seen_time_dt) ?? readInstant(info.last_seen_time);
  const document = {
    id: arn.findingId,
    type,
    accountId: cloud.account.uid,
    region: cloud.region ?? arn.region,
    partition: arn.partition,
    severity,
    title: info.title,
    description: info.desc,
    createdAt: readInstant(info.created_time_dt) ?? info.created_time,
    ...(lastSeen === undefined ? {} : { updatedAt: readInstant(info.modified_time_dt) ?? info.modified_time }),
    resource: readResource(fields.resources ?? []),
    service: {
      archived: !isOpen(fields),
      count: fields.count,
      detectorId: arn.detectorId,
      eventFirstSeen: readInstant(info.first_seen_time_dt) ?? info.first_seen_time,
      eventLastSeen: lastSeen,
    },
  };
  const finding = readFindingDocument(document, place, provenance);
  const remotes = addressesIn(fields);
  return {
    ...finding,
    ...(remotes.length > 0 ? { action: { kind: 'other', actionType: '', remotes } } : {}),
    origin: 'securityhub',
  };
};
