import { DescribeNetworkAclsCommand, type EC2Client, type NetworkAclEntry } from '@aws-sdk/client-ec2';
import { collectPages, type ErrorSummary } from '@remedykit/core';
import type { BlockOutcome, PortRange } from '@remedykit/guardduty';
import type { Counts } from './count-calls.ts';

/** What became of one document. */
export type FindingEntry =
  | {
      readonly id: string;
      readonly type: string;
      readonly sample: boolean;
      readonly escalate: boolean;
      readonly threats: readonly {
        /** null: the finding names no address. */
        readonly cidr: string | null;
        readonly direction: string | null;
        readonly verdict: string;
        readonly outcome: string;
        readonly reason: string;
      }[];
      /** What the handler threw after it had told people, for Lambda to retry. */
      readonly thrown?: ErrorSummary;
      /** True: the handler gave the record back to its queue, to be tried again. */
      readonly returned?: true;
    }
  | { readonly source: string; readonly error: ErrorSummary };

/** One network ACL entry as EC2 returns it; the deny at the end that every network ACL has is left out. */
export interface NaclEntry {
  readonly networkAclId: string;
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly cidr: string;
  readonly action: string;
}

/** A row of the tables for people. */
export interface NaclRow extends NaclEntry {
  readonly protocol: string;
  readonly ports?: PortRange;
}

/** What `--json` prints. */
export interface Report {
  readonly findings: readonly FindingEntry[];
  readonly nacl: readonly NaclEntry[];
  readonly notifications: readonly { readonly channel: string; readonly title: string }[];
  readonly calls: Counts;
  readonly stageCalls: Counts;
}

/** What the handler left for later. */
interface Left {
  readonly thrown?: ErrorSummary | undefined;
  readonly returned?: boolean;
}

export const entryOf = (
  source: string,
  outcome: BlockOutcome | undefined,
  { thrown, returned = false }: Left,
): FindingEntry => {
  const finding = outcome?.finding;
  if (outcome === undefined || finding === undefined) {
    const error = thrown ?? outcome?.error ?? { code: 'NO_OUTCOME', message: 'The handler gave no outcome.' };
    return { source, error };
  }
  return {
    id: finding.id,
    type: finding.type,
    sample: finding.sample,
    escalate: outcome.escalate,
    threats: outcome.threats.map(({ threat, outcome: result, reason }) => ({
      cidr: threat.address ?? null,
      direction: threat.address === undefined ? null : threat.direction,
      verdict: threat.verdict,
      outcome: result,
      reason,
    })),
    ...(thrown === undefined ? {} : { thrown }),
    ...(returned ? { returned } : {}),
  };
};

/** From here on EC2 keeps rule numbers for its own default denies. */
const firstDefaultRule = 32_767;

/** Reads network ACLs back from EC2, all entries but the default denies. */
export const readNacl = async (
  ec2: Pick<EC2Client, 'send'>,
  filter: { readonly subnetId: string } | 'all',
): Promise<NaclRow[]> => {
  const Filters = filter === 'all' ? [] : [{ Name: 'association.subnet-id', Values: [filter.subnetId] }];
  const acls = await collectPages(
    async (NextToken) => {
      const page = await ec2.send(new DescribeNetworkAclsCommand({ Filters, ...(NextToken ? { NextToken } : {}) }));
      return { items: page.NetworkAcls ?? [], nextToken: page.NextToken };
    },
    { maxPages: 1_000 },
  );
  return acls
    .flatMap(({ NetworkAclId = '', Entries = [] }) => Entries.map((entry) => rowOf(NetworkAclId, entry)))
    .filter(({ ruleNumber }) => ruleNumber < firstDefaultRule)
    .sort((a, b) => Number(a.egress) - Number(b.egress) || a.ruleNumber - b.ruleNumber);
};

const rowOf = (networkAclId: string, entry: NetworkAclEntry): NaclRow => ({
  networkAclId,
  ruleNumber: entry.RuleNumber ?? 0,
  egress: entry.Egress ?? false,
  cidr: entry.CidrBlock ?? entry.Ipv6CidrBlock ?? '',
  action: entry.RuleAction ?? '',
  protocol: entry.Protocol ?? '-1',
  ...(entry.PortRange?.From === undefined || entry.PortRange.To === undefined
    ? {}
    : { ports: { from: entry.PortRange.From, to: entry.PortRange.To } }),
});

export const naclEntry = ({ networkAclId, ruleNumber, egress, cidr, action }: NaclRow): NaclEntry => ({
  networkAclId,
  ruleNumber,
  egress,
  cidr,
  action,
});
