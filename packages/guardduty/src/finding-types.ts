import {
  catalogue,
  type DefaultSeverity,
  type FindingDataSource,
  type FindingResource,
  retirements,
} from './finding-types/catalogue.ts';
import type { ThreatReason } from './threats/reasons.ts';
import { type FindingFamily, ruleOf } from './threats/table.ts';

export { catalogueAsOf as findingTypesAsOf } from './finding-types/catalogue.ts';
export { portOf } from './threats/table.ts';

/** What is known about one finding type, and what is done about it. */
export interface FindingTypeFacts {
  readonly type: string;
  /** `retired`: accepted, but no longer emitted by GuardDuty. */
  readonly state: 'active' | 'retired';
  /** Day of retirement, `2019-06-12`, where it is known. */
  readonly retiredOn?: string;
  /** What kind of behaviour it reports. */
  readonly family: FindingFamily;
  readonly resource: FindingResource;
  /** Empty where GuardDuty's guide does not say. */
  readonly dataSources: readonly FindingDataSource[];
  /** The band that GuardDuty documents; a finding carries its own severity. */
  readonly defaultSeverity: DefaultSeverity;
  /** The port that the type is about, where it is about one; for findings that do not name the port. */
  readonly port?: number;
  /** `block`: the remote address is denied in the one role and direction that prove who acts on whom; `ignore`: never. */
  readonly verdict: 'block' | 'ignore';
  /** Which way the deny goes; absent where nothing is denied. */
  readonly direction?: 'ingress' | 'egress';
  /** Whether a person is called even if the address is denied. */
  readonly escalate: boolean;
  /** Whether the evidence could carry a forged source, so that a deny is short and narrow. */
  readonly spoofable: boolean;
  /** One of `threatReasons`. */
  readonly reason: ThreatReason;
}

const describe = (
  type: string,
  defaultSeverity: DefaultSeverity,
  { resource, dataSources, retired }: Pick<FindingTypeFacts, 'resource' | 'dataSources'> & { readonly retired?: true },
): FindingTypeFacts => {
  const { family, reason, escalate, deny, spoofable = false, port } = ruleOf(type);
  const retiredOn = retirements[type];
  return {
    type,
    state: retired ? 'retired' : 'active',
    ...(retiredOn === undefined ? {} : { retiredOn }),
    family,
    resource,
    dataSources,
    defaultSeverity,
    ...(port === undefined ? {} : { port }),
    ...(deny === undefined ? { verdict: 'ignore' } : { verdict: 'block', direction: deny }),
    escalate,
    spoofable,
    reason,
  };
};

const describeAll = (): readonly FindingTypeFacts[] =>
  catalogue
    .flatMap((group) =>
      Object.entries(group.types).flatMap(([severity, types]) =>
        // The keys of the data are severities; Object.entries forgets it.
        types.map((type) => describe(type, severity as DefaultSeverity, group)),
      ),
    )
    .toSorted((one, other) => (one.type < other.type ? -1 : 1));

/**
 * Every finding type that GuardDuty documents, by name, retired ones included. Not a list of all that may come: GuardDuty's
 * set is open, and a type that is not in it is parsed, judged by the rule of its family, and never blocked on.
 * Source: GuardDuty user guide, finding types and document history, as of 2026-11-24.
 * @example
 * ```ts
 * import { findingTypes, threatReasons } from '@remedykit/guardduty';
 * for (const { type, verdict, reason } of findingTypes) console.log(type, verdict, threatReasons[reason]);
 * ```
 */
export const findingTypes: readonly FindingTypeFacts[] = /* @__PURE__ */ describeAll();
