import type { Finding } from '../finding.ts';
import type {
  BlockOutcome,
  ContestOutcome,
  DrainOutcome,
  EntryView,
  OrphanOutcome,
  ReconcileOutcome,
  ReleaseOutcome,
  SweepOutcome,
  ThreatOutcome,
  UnblockOutcome,
} from '../nacl/outcome.ts';
import type { AddressThreat } from '../threats/threat.ts';

/** Outcomes for the tests of messages: an SSH brute force against one instance. */
export const sampleFinding = (changes: Partial<Finding> = {}): Finding => ({
  id: '4ec1f0c2a1b0c7d8e9f00112233445566',
  type: 'UnauthorizedAccess:EC2/SSHBruteForce',
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  severity: 2,
  eventLastSeen: '2026-11-24T10:00:00.000Z',
  count: 12,
  sample: false,
  archived: false,
  resourceType: 'Instance',
  resourceRole: 'TARGET',
  instance: { instanceId: 'i-0123456789abcdef0', interfaces: [] },
  provenance: { channel: 'eventbridge' },
  ...changes,
});

export const sampleEntry = (changes: Partial<EntryView> = {}): EntryView => ({
  networkAclId: 'acl-1',
  ruleNumber: 10,
  egress: false,
  cidr: '198.51.100.7/32',
  protocol: '6',
  ports: { from: 22, to: 22 },
  expiresAt: '2026-11-25T10:00:00.000Z',
  subnetIds: ['subnet-1', 'subnet-2'],
  ...changes,
});

export const sampleThreat = (changes: Partial<AddressThreat> = {}): AddressThreat => ({
  address: '198.51.100.7/32',
  family: 4,
  direction: 'ingress',
  verdict: 'block',
  escalate: false,
  reason: 'brute-force',
  because: 'It tried to log in by SSH.',
  protocol: 'tcp',
  attackedPorts: [{ port: 22, hits: 1 }],
  spoofable: false,
  alreadyBlocked: false,
  localEnds: [],
  ...changes,
});

export const sampleThreatOutcome = (changes: Partial<ThreatOutcome> = {}): ThreatOutcome => ({
  threat: sampleThreat(),
  outcome: 'blocked',
  reason: 'brute-force',
  because: 'It tried to log in by SSH.',
  entries: [sampleEntry()],
  missing: [],
  evicted: [],
  announce: true,
  ...changes,
});

export const sampleBlock = (threats: readonly ThreatOutcome[], changes: Partial<BlockOutcome> = {}): BlockOutcome => ({
  kind: 'block',
  preview: false,
  finding: sampleFinding(),
  escalate: false,
  threats,
  steps: [],
  done: true,
  ...changes,
});

export const sampleRelease = (changes: Partial<ReleaseOutcome> = {}): ReleaseOutcome => {
  const { subnetIds: _, ...entry } = sampleEntry();
  return {
    entry,
    target: { accountId: '111122223333', region: 'eu-west-1' },
    outcome: 'released',
    reason: 'expired',
    because: 'It held until 2026-11-25T10:00:00.000Z.',
    announce: true,
    ...changes,
  };
};

export const sampleSweep = (changes: Partial<SweepOutcome> = {}): SweepOutcome => ({
  kind: 'sweep',
  at: '2026-11-24T10:00:00.000Z',
  preview: false,
  releases: [],
  alerts: [],
  ledgers: 2,
  steps: [],
  done: true,
  ...changes,
});

export const sampleReconcile = (changes: Partial<ReconcileOutcome> = {}): ReconcileOutcome => ({
  kind: 'reconcile',
  at: '2026-11-24T10:00:01.000Z',
  preview: false,
  releases: [],
  orphans: [],
  contests: [],
  alerts: [],
  ledgers: 2,
  steps: [],
  done: true,
  ...changes,
});

export const sampleContest = (changes: Partial<ContestOutcome> = {}): ContestOutcome => ({
  target: { accountId: '111122223333', region: 'eu-west-1' },
  networkAclId: 'acl-1',
  egress: false,
  state: 'begun',
  since: '2026-11-24T10:00:00.000Z',
  until: '2026-11-25T10:00:00.000Z',
  announce: true,
  reason: 'contested',
  because: 'The deny of 198.51.100.7/32 was put back at 2026-11-24T09:00:00.000Z and is gone again.',
  ...changes,
});

export const sampleOrphan = (changes: Partial<OrphanOutcome> = {}): OrphanOutcome => ({
  target: { accountId: '111122223333', region: 'eu-west-1' },
  networkAclId: 'acl-1',
  egress: false,
  ruleNumber: 20,
  cidr: '192.0.2.1/32',
  protocol: '6',
  announce: true,
  ...changes,
});

export const sampleDrain = (changes: Partial<DrainOutcome> = {}): DrainOutcome => ({
  kind: 'drain',
  at: '2026-11-24T10:00:00.000Z',
  preview: false,
  releases: [],
  alerts: [],
  ledgers: 2,
  requestedBy: 'a.smith',
  because: 'remedykit is being removed',
  steps: [],
  done: true,
  ...changes,
});

export const sampleUnblock = (changes: Partial<UnblockOutcome> = {}): UnblockOutcome => ({
  kind: 'unblock',
  at: '2026-11-24T10:00:00.000Z',
  preview: false,
  releases: [],
  suppressed: [],
  requestedBy: 'a.smith',
  because: 'partner scanner, CHG-4711',
  steps: [],
  done: true,
  ...changes,
});

/** A text as people read it. */
export const readable = (text: unknown): string => {
  if (typeof text === 'string') return text;
  if (Array.isArray(text)) return text.map(readable).join('');
  return typeof text === 'object' && text !== null && 'untrusted' in text ? String(text.untrusted) : '';
};

/** Our own words of a text alone: what a renderer may trust. */
export const ownWords = (text: unknown): string => {
  if (typeof text === 'string') return text;
  return Array.isArray(text) ? text.map(ownWords).join('') : '';
};
