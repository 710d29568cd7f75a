import * as z from 'zod/mini';
import type { Finding, Provenance } from '../../finding.ts';
import { address } from '../action.ts';
import { camelFields, flag, listOf, maybe, shown, textLike, textsOf } from '../fields.ts';
import { type DocumentPlace, readFindingDocument } from '../finding-document.ts';
import { readInstant } from '../instant.ts';
import { kindOf } from '../parse-error.ts';
import { mergeActions } from './action.ts';
import { type Fault, faultsOf, malformed } from './faults.ts';
import { readFindingArn } from './finding-arn.ts';
import { oneFindingType } from './finding-type.ts';
import { foreignProduct } from './product.ts';
import { readResource, resourceSchema } from './resource.ts';
import { readService, type Service } from './service.ts';
import { readSeverity, severitySchema } from './severity.ts';

const anyText = z.string({ error: 'a string' });
const anything = z.optional(z.unknown());

/** What of ASFF is read. Source: botocore service model securityhub 2018-10-26, shape AwsSecurityFinding. */
const asffSchema = camelFields({
  Id: anyText,
  AwsAccountId: textLike(/^\d{12}$/, 'a string of 12 digits'),
  Region: maybe(textLike(/^(?=.{5,32}$)[a-z]{2,}(-[a-z0-9]+)+$/, 'the name of a Region as a string')),
  Types: maybe(textsOf(anyText)),
  FindingProviderFields: maybe(camelFields({ Types: maybe(textsOf(anyText)), Severity: shown(severitySchema) })),
  Severity: shown(severitySchema),
  RecordState: maybe(anyText),
  Workflow: maybe(camelFields({ Status: maybe(anyText) })),
  WorkflowState: maybe(anyText),
  Title: anything,
  Description: anything,
  CreatedAt: anything,
  UpdatedAt: anything,
  FirstObservedAt: anything,
  LastObservedAt: anything,
  Sample: maybe(flag),
  ProductFields: anything,
  Action: anything,
  // Attack sequences; shape Detection.
  Detection: maybe(
    camelFields({ Sequence: maybe(camelFields({ Endpoints: maybe(listOf(camelFields({ Ip: maybe(address) }))) })) }),
  ),
  Resources: maybe(listOf(resourceSchema)),
});

type Asff = z.output<typeof asffSchema>;

/** Active, and nobody has dealt with it: `WorkflowState` is what `Workflow.Status` was before 2020. */
const isOpen = ({ RecordState, Workflow, WorkflowState }: Asff): boolean => {
  const status = Workflow?.Status ?? WorkflowState;
  return RecordState === 'ACTIVE' && (status === 'NEW' || status === 'NOTIFIED');
};

/** The provider's own types; `Types` is what an analyst may have changed. */
const typesOf = ({ FindingProviderFields, Types }: Asff): readonly string[] => {
  const own = FindingProviderFields?.Types ?? [];
  return own.length > 0 ? own : (Types ?? []);
};

/** Addresses of an attack sequence, from either place; undefined where neither has one. */
const detectionOf = ({ Detection }: Asff, { detection }: Service['fields']): unknown => {
  const flat = detection?.sequence?.endpoints;
  const structured = Detection?.Sequence?.Endpoints;
  if (!flat && !structured) return undefined;
  return { sequence: { endpoints: [...(flat ?? []), ...(structured ?? []).map(({ Ip }) => ({ ip: Ip }))] } };
};

/**
 * The GuardDuty finding in a finding of Security Hub CSPM (ASFF). ProductFields carries GuardDuty's own `service` object,
 * so role, direction and all addresses are those that GuardDuty wrote.
 *
 * Its own rules, each failing closed:
 * - Only AWS's own GuardDuty product: `ProductArn` without an account, `Id` the ARN of a GuardDuty finding of this account.
 * - `archived` is also true where the record is not ACTIVE or its workflow is neither NEW nor NOTIFIED, or either is not
 *   said: what people have closed or suppressed is not acted on. Archiving in GuardDuty does not reach Security Hub.
 * - `eventLastSeen` is GuardDuty's, else `LastObservedAt`, and never the time of an import or update: an analyst's note
 *   sends an old finding again. Without either `updatedAt` is left out too, so the finding is stale.
 * - The finding type is the provider's where it says, else `Types`; several different ones are an error.
 * - `origin` is `securityhub`: the severity may have been changed by an analyst, so it must not rank.
 *
 * It says nothing about origin: whoever can invoke the function writes all of it.
 * Sources: GuardDuty user guide, "Integrating with AWS Security Hub"; Security Hub user guide, ASFF and
 * BatchUpdateFindings; public documents of 2019 to 2025.
 * @throws RemediationError `FINDING_MALFORMED`, naming up to three fields by their path in the ASFF; `NOT_A_FINDING` for a
 * finding of another product
 */
export const asffFinding = (
  asff: Readonly<Record<string, unknown>>,
  place: DocumentPlace,
  provenance: Provenance,
): Finding => {
  const foreign = foreignProduct(asff.ProductArn, 'product', ['ProductArn'], place);
  if (foreign) throw foreign;
  const parsed = z.safeParse(asffSchema, asff);
  if (!parsed.success) throw malformed(place, faultsOf(parsed.error.issues, asff));
  const fields = parsed.data;
  const arn = readFindingArn(fields.Id);
  const type = oneFindingType(typesOf(fields));
  const severity = readSeverity(fields.FindingProviderFields?.Severity, fields.Severity);
  const unread = (path: string, expected: string): Fault => ({ path: [path], found: kindOf(asff[path]), expected });
  const faults = [
    ...(arn ? [] : [unread('Id', 'the ARN of a GuardDuty finding')]),
    ...(arn && arn.accountId !== fields.AwsAccountId
      ? [unread('AwsAccountId', 'the account that the ARN in Id names')]
      : []),
    ...(type === undefined ? [unread('Types', 'types that carry one GuardDuty finding type')] : []),
    ...(severity === undefined ? [unread('Severity', 'a severity')] : []),
  ];
  if (!arn || faults.length > 0) throw malformed(place, faults);
  const { fields: service, action } = readService(fields.ProductFields, fields.Action, place);
  const lastSeen = readInstant(service.eventLastSeen) ?? readInstant(fields.LastObservedAt);
  const document = {
    id: arn.findingId,
    type,
    accountId: fields.AwsAccountId,
    region: fields.Region ?? arn.region,
    partition: arn.partition,
    severity,
    title: fields.Title,
    description: fields.Description,
    createdAt: fields.CreatedAt,
    ...(lastSeen === undefined ? {} : { updatedAt: fields.UpdatedAt }),
    resource: readResource(fields.Resources ?? []),
    service: {
      detection: detectionOf(fields, service),
      archived: !isOpen(fields) || (service.archived ?? false),
      additionalInfo: fields.Sample === true ? { sample: true } : service.additionalInfo,
      count: service.count,
      detectorId: service.detectorId ?? arn.detectorId,
      resourceRole: service.resourceRole,
      eventFirstSeen: readInstant(service.eventFirstSeen) ?? fields.FirstObservedAt,
      eventLastSeen: lastSeen,
    },
  };
  const finding = readFindingDocument(document, place, provenance);
  const seen = mergeActions(action, finding.action);
  return { ...finding, ...(seen ? { action: seen } : {}), origin: 'securityhub' };
};
