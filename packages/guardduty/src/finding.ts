import type { Untrusted } from '@remedykit/core';

/**
 * Through which door a document came. Whoever can write to a queue or invoke a function writes every field of the
 * envelope, so the door and not the content carries authority (`trust.channels`).
 */
export type Provenance =
  /** An EventBridge event whose source is AWS itself (`aws.guardduty`, `aws.securityhub`), handed to the function by the rule. */
  | { readonly channel: 'eventbridge' }
  /** In the body of an SQS record of this queue, also where SNS put it there: who may write to the queue decides. */
  | { readonly channel: 'sqs'; readonly arn: string }
  /** A message of this SNS topic, handed to the function by SNS. */
  | { readonly channel: 'sns'; readonly arn: string }
  /** A finding without an envelope (an export, a file): can be planned, never executed. */
  | { readonly channel: 'bare' };

/** The remote side of an action. Addresses are as GuardDuty wrote them, not yet judged. */
export interface RemoteAddress {
  readonly ipv4?: string;
  readonly ipv6?: string;
  /** Name of the country as GuardDuty places the address; shown, decides nothing. */
  readonly country?: string;
}

/** Our side of an action, as far as the finding names it. */
export interface LocalEnd {
  readonly port?: number;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly networkInterfaceId?: string;
}

/** What was seen, by the kind of action. */
export type FindingAction =
  | {
      readonly kind: 'network-connection';
      /** `UNKNOWN` where GuardDuty says so or does not say. */
      readonly direction: 'INBOUND' | 'OUTBOUND' | 'UNKNOWN';
      /** `TCP`, `UDP`, … in capitals, where given. */
      readonly protocol?: string;
      /** True when a security group or network ACL had dropped the traffic already. */
      readonly blocked: boolean;
      readonly local: LocalEnd;
      readonly remote: RemoteAddress;
      readonly remotePort?: number;
    }
  | {
      readonly kind: 'port-probe';
      readonly blocked: boolean;
      readonly probes: readonly { readonly local: LocalEnd; readonly remote: RemoteAddress }[];
    }
  | {
      readonly kind: 'aws-api-call' | 'kubernetes-api-call' | 'rds-login-attempt';
      readonly remotes: readonly RemoteAddress[];
    }
  | { readonly kind: 'dns-request'; readonly blocked: boolean }
  /** An attack sequence has endpoints in place of an action; their part in it is not said. */
  | { readonly kind: 'attack-sequence'; readonly remotes: readonly RemoteAddress[] }
  /** An action kind that this version does not know, or that contradicts itself. */
  | {
      readonly kind: 'other';
      /** Empty where the document does not say. */
      readonly actionType: string;
      /** Every address found in it; absent where there is none. */
      readonly remotes?: readonly RemoteAddress[];
    };

/** A network interface as the finding names it; it may be gone by now. */
export interface FindingInterface {
  readonly networkInterfaceId?: string;
  readonly subnetId?: string;
  readonly vpcId?: string;
  readonly privateIpv4: readonly string[];
  readonly ipv6: readonly string[];
}

/**
 * Whose credentials were used. A session's name stands in it, which whoever assumes a role chooses: show it as untrusted
 * text. Source: service model guardduty 2017-11-28, shape AccessKeyDetails.
 */
export interface FindingPrincipal {
  /** `IAMUser`, `AssumedRole`, `Root`, … */
  readonly type?: string;
  /** `AIDA…` of a user, `AROA…:session` of a role, the account id of the root user. */
  readonly principalId?: string;
  /** The name of the user or role. */
  readonly userName?: string;
}

/** A GuardDuty finding, as far as remedykit uses it. */
export interface Finding {
  readonly id: string;
  /** Never enumerated: the set of types is open. */
  readonly type: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** 0 to 10. */
  readonly severity: number;
  readonly title?: Untrusted;
  readonly description?: Untrusted;
  /** ISO 8601 in UTC; absent where the document has none or it cannot be read as a date. */
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly eventFirstSeen?: string;
  readonly eventLastSeen?: string;
  /** How often it was seen. */
  readonly count?: number;
  readonly sample: boolean;
  readonly archived: boolean;
  /** `Instance`, `AccessKey`, … */
  readonly resourceType?: string;
  /** `TARGET` (ours is attacked), `ACTOR` (ours attacks), or anything else that a document says. */
  readonly resourceRole?: string;
  readonly instance?: { readonly instanceId?: string; readonly interfaces: readonly FindingInterface[] };
  /** Absent where no credentials are involved, or none can be read. */
  readonly principal?: FindingPrincipal;
  readonly action?: FindingAction;
  readonly detectorId?: string;
  /**
   * Who passed it on; absent: GuardDuty itself. What Security Hub passes on may carry a severity that an analyst changed:
   * it is shown and must not rank.
   */
  readonly origin?: 'securityhub';
  /** The account whose event it is, where that is not `accountId`: GuardDuty gives the administrator a copy of each event. */
  readonly copyIn?: string;
  readonly provenance: Provenance;
}
