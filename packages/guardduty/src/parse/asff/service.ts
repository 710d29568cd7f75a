import * as z from 'zod/mini';
import type { FindingAction } from '../../finding.ts';
import { actionSchema, address } from '../action.ts';
import { anyCaseFields, camelFields, flag, listOf, maybe, pascalName } from '../fields.ts';
import type { DocumentPlace } from '../finding-document.ts';
import { isRecord, kindOf } from '../parse-error.ts';
import { mergeActions } from './action.ts';
import { type Fault, faultsOf, malformed } from './faults.ts';
import { mostProductFields, readServiceFields } from './product-fields.ts';

const anyText = z.string({ error: 'a string' });
const anything = z.optional(z.unknown());

/** GuardDuty's `service` object as far as ASFF has it. */
interface ServiceFields {
  readonly action?: FindingAction | null | undefined;
  readonly additionalInfo?: unknown;
  readonly archived?: boolean | null | undefined;
  readonly count?: unknown;
  readonly detection?:
    | {
        readonly sequence?:
          | { readonly endpoints?: readonly { readonly ip?: string | null | undefined }[] | null | undefined }
          | null
          | undefined;
      }
    | null
    | undefined;
  readonly detectorId?: unknown;
  readonly eventFirstSeen?: unknown;
  readonly eventLastSeen?: unknown;
  readonly resourceRole?: string | null | undefined;
}

/** Fields that GuardDuty's own reader judges are left as they are. */
const serviceSchema: z.core.$ZodType<ServiceFields> = camelFields({
  action: maybe(actionSchema(camelFields)),
  additionalInfo: anything,
  archived: maybe(flag),
  count: anything,
  detection: maybe(
    camelFields({
      sequence: maybe(camelFields({ endpoints: maybe(listOf(camelFields({ ip: maybe(address) }))) })),
    }),
  ),
  detectorId: anything,
  eventFirstSeen: anything,
  eventLastSeen: anything,
  resourceRole: maybe(anyText),
});

/** The four kinds of action that ASFF knows, with IPv4 alone. Source: service model securityhub 2018-10-26, shape Action. */
const structuredSchema = maybe(actionSchema(anyCaseFields));

/** GuardDuty's `service` object as far as ASFF has it, and what was seen. */
export interface Service {
  readonly fields: ServiceFields;
  readonly action: FindingAction | undefined;
}

const inAction = (path: readonly PropertyKey[]): readonly PropertyKey[] => [
  'Action',
  ...path.map((step) => (typeof step === 'string' ? pascalName(step) : step)),
];

/**
 * GuardDuty's `service` object out of `ProductFields`, and what was seen out of it and of `Action`.
 * @throws RemediationError `FINDING_MALFORMED`
 */
export const readService = (productFields: unknown, structuredAction: unknown, place: DocumentPlace): Service => {
  const all = productFields ?? {};
  const expected = `an object with at most ${mostProductFields} fields`;
  if (!isRecord(all) || Object.keys(all).length > mostProductFields) {
    throw malformed(place, [{ path: ['ProductFields'], found: kindOf(all), expected }]);
  }
  const { service, keyOf } = readServiceFields(all);
  const flat = z.safeParse(serviceSchema, service);
  const structured = z.safeParse(structuredSchema, structuredAction);
  const faults: Fault[] = [
    ...faultsOf(flat.error?.issues ?? [], service, (path) => ['ProductFields', keyOf(path)]),
    ...faultsOf(structured.error?.issues ?? [], structuredAction, inAction),
  ];
  if (!flat.success || faults.length > 0) throw malformed(place, faults);
  return { fields: flat.data, action: mergeActions(flat.data.action ?? undefined, structured.data ?? undefined) };
};
