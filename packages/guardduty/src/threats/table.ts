import { type ThreatReason, threatReasons } from './reasons.ts';

/** Our side in a finding; `OTHER` is any other role that a document says, or none. */
export type Role = 'TARGET' | 'ACTOR' | 'OTHER';

/** Who opened the connection; a port probe is inbound by its nature, and every other action is `UNKNOWN`. */
export type Direction = 'INBOUND' | 'OUTBOUND' | 'UNKNOWN';

/** What is to be done about one address. */
export interface Judgement {
  readonly verdict: 'block' | 'ignore';
  /** Which way the deny goes; where nothing is blocked, which way the traffic went (`both`: it is not known). */
  readonly direction: 'ingress' | 'egress' | 'both';
  readonly escalate: boolean;
  /** Whether the evidence of this type could carry a forged source, whatever the protocol. */
  readonly spoofable: boolean;
  readonly reason: ThreatReason;
  readonly because: string;
}

/** What a finding reports, as far as it matters for the response. A closed list. */
export type FindingFamily =
  | 'brute-force'
  | 'port-probe'
  | 'anonymised-access'
  | 'outbound-contact'
  | 'cryptocurrency'
  | 'attack-by-own-host'
  | 'unusual-traffic'
  | 'domain-request'
  | 'custom-list'
  | 'host-behaviour'
  | 'malware'
  | 'api-call'
  | 'cluster-call'
  | 'database-login'
  | 'configuration'
  | 'attack-sequence'
  /** Fits no other family. */
  | 'other';

/** What the table says about a type or a family of types. */
export interface ThreatRule {
  readonly family: FindingFamily;
  readonly reason: ThreatReason;
  /** Whether a person must look. Where role and direction are not those that `deny` wants, one always must. */
  readonly escalate: boolean;
  /** Which way the remote address is denied; absent: it never is, whatever role and direction are. */
  readonly deny?: 'ingress' | 'egress';
  /** Only with `deny`: what it means when our host is the actor of what is otherwise done to it. */
  readonly asActor?: ThreatReason;
  readonly spoofable?: true;
  /** The port that the type is about, where it is about one; for findings that do not name the port. */
  readonly port?: number;
}

/** Somebody outside acts on our host. That he tries says nothing about the host, so nobody is called. */
const inbound = (
  family: FindingFamily,
  reason: ThreatReason,
  more: Pick<ThreatRule, 'spoofable' | 'port'> & { readonly escalate?: true; readonly asActor?: ThreatReason } = {},
): ThreatRule => ({ family, reason, escalate: false, deny: 'ingress', asActor: 'our-host-attacks', ...more });

/** Our host reaches out to whom it should not: the deny hides the traffic, not the compromise, so a person is called. */
const outbound = (family: FindingFamily, reason: ThreatReason): ThreatRule => ({
  family,
  reason,
  escalate: true,
  deny: 'egress',
});

/** A person must look; nothing is denied. */
const call = (family: FindingFamily, reason: ThreatReason): ThreatRule => ({ family, reason, escalate: true });

/** Nothing is done and nobody is called. Only for types named one by one, never for a family. */
const leave = (family: FindingFamily, reason: ThreatReason): ThreatRule => ({ family, reason, escalate: false });

const attacksOthers = call('attack-by-own-host', 'our-host-attacks');
const unusual = call('unusual-traffic', 'unusual-traffic');
const resolver = call('unusual-traffic', 'public-resolver');
const rebinding = call('domain-request', 'metadata-rebinding');
const cryptoPeer = call('cryptocurrency', 'crypto-peer');

/**
 * Types that have a rule of their own: all on which something is denied, all about the traffic of instances, and those that
 * differ from their family. Retired types keep their rules for archives.
 * Source of who acts on whom: GuardDuty user guide, EC2 finding types, and sample findings of 2025-08-22.
 */
export const typeRules: Readonly<Record<string, ThreatRule>> = {
  'UnauthorizedAccess:EC2/SSHBruteForce': inbound('brute-force', 'brute-force', { port: 22 }),
  'UnauthorizedAccess:EC2/RDPBruteForce': inbound('brute-force', 'brute-force', { port: 3389 }),
  // WinRM listens on two ports, and the finding does not say by its type which one: no port of its own.
  'Impact:EC2/WinRMBruteForce': inbound('brute-force', 'brute-force'),
  'Recon:EC2/PortProbeUnprotectedPort': inbound('port-probe', 'port-probe', { spoofable: true }),
  'Recon:EC2/PortProbeEMRUnprotectedPort': inbound('port-probe', 'exposed-cluster-port', {
    spoofable: true,
    escalate: true,
  }),
  'UnauthorizedAccess:EC2/TorIPCaller': inbound('anonymised-access', 'tor-inbound', {
    asActor: 'combination-not-covered',
  }),

  'Backdoor:EC2/C&CActivity.B': outbound('outbound-contact', 'command-and-control'),
  'Trojan:EC2/BlackholeTraffic': outbound('outbound-contact', 'black-hole-traffic'),
  'Trojan:EC2/DropPoint': outbound('outbound-contact', 'drop-point'),
  'Backdoor:EC2/XORDDOS': outbound('outbound-contact', 'ddos-malware'),
  'UnauthorizedAccess:EC2/TorClient': outbound('outbound-contact', 'tor-client'),

  'UnauthorizedAccess:EC2/TorRelay': call('outbound-contact', 'tor-relay'),
  'CryptoCurrency:EC2/BitcoinTool.A': cryptoPeer,
  'CryptoCurrency:EC2/BitcoinTool.B': cryptoPeer,
  'Impact:EC2/PortSweep': attacksOthers,
  'Recon:EC2/Portscan': attacksOthers,
  'Backdoor:EC2/Spambot': call('attack-by-own-host', 'spam'),
  'Behavior:EC2/NetworkPortUnusual': unusual,
  'Behavior:EC2/TrafficVolumeUnusual': unusual,
  'DefenseEvasion:EC2/UnusualDNSResolver': resolver,
  'DefenseEvasion:EC2/UnusualDoHActivity': resolver,
  'DefenseEvasion:EC2/UnusualDoTActivity': resolver,

  'UnauthorizedAccess:EC2/MetadataDNSRebind': rebinding,
  'UnauthorizedAccess:Runtime/MetadataDNSRebind': rebinding,

  // Seen in CloudTrail, whatever resource the name holds.
  'CredentialAccess:EC2/UnsecuredCredentials': call('api-call', 'aws-api'),
  'CredentialAccess:RDS/ModifyAuthenticationProcess': call('configuration', 'control-change'),
  'Stealth:IAMUser/CloudTrailLoggingDisabled': call('configuration', 'control-change'),
  'Stealth:IAMUser/LoggingConfigurationModified': call('configuration', 'control-change'),
  'Stealth:IAMUser/PasswordPolicyChange': call('configuration', 'control-change'),
  'Stealth:S3/ServerAccessLoggingDisabled': call('configuration', 'control-change'),
  'DefenseEvasion:IAMUser/BedrockLoggingDisabled': call('configuration', 'control-change'),

  'Discovery:IAMUser/AnomalousBehavior': leave('api-call', 'looked-around'),
  'Discovery:S3/AnomalousBehavior': leave('api-call', 'looked-around'),
  'Discovery:Kubernetes/AnomalousBehavior.PermissionChecked': leave('cluster-call', 'looked-around'),
  'Policy:S3/AccountBlockPublicAccessDisabled': leave('configuration', 'guard-rail-off'),
  'Policy:S3/BucketBlockPublicAccessDisabled': leave('configuration', 'guard-rail-off'),
};

/** How families are told by the name of a type; the first that fits counts. They serve types of the future too, so none denies. */
export const familyRules: readonly (readonly [fits: RegExp, rule: ThreatRule])[] = [
  [/\.Custom$/, call('custom-list', 'custom-threat-list')],
  [/^AttackSequence:/, call('attack-sequence', 'attack-sequence')],
  [/!DNS$|DomainRequest\b|\/DNSDataExfiltration$/, call('domain-request', 'domain-request')],
  [/\/(?:Malicious|Suspicious)File(?:!\w+)?$/, call('malware', 'malware')],
  [/^\w+:EC2\/DenialOfService\./, call('attack-by-own-host', 'denial-of-service')],
  [/^CryptoCurrency:Lambda\/BitcoinTool\b/, call('cryptocurrency', 'lambda-function')],
  [
    /^\w+:Lambda\/(?:C&CActivity|BlackholeTraffic|DropPoint|Tor(?:Client|Relay))\b/,
    call('outbound-contact', 'lambda-function'),
  ],
  [/^CryptoCurrency:Runtime\/BitcoinTool\b/, call('cryptocurrency', 'runtime-connection')],
  [
    /^\w+:Runtime\/(?:C&CActivity|BlackholeTraffic|DropPoint|Tor(?:Client|Relay))\b/,
    call('outbound-contact', 'runtime-connection'),
  ],
  [/^\w+:Runtime\//, call('host-behaviour', 'host-behaviour')],
  [/^DefenseImpairment:/, call('configuration', 'control-change')],
  [/^Policy:/, call('configuration', 'exposure')],
  [/^\w+:RDS\/(?:AnomalousBehavior|MaliciousIPCaller|TorIPCaller)\b/, call('database-login', 'database-login')],
  [/^\w+:Kubernetes\//, call('cluster-call', 'cluster-api')],
  [/^\w+:(?:IAMUser|S3)\//, call('api-call', 'aws-api')],
];

/** The one type of a custom list about the traffic of instances, for those who trust whoever may write the list. */
const trustedList: Readonly<Record<string, ThreatRule>> = {
  INBOUND: inbound('custom-list', 'trusted-threat-list', { asActor: 'combination-not-covered' }),
  OUTBOUND: outbound('custom-list', 'trusted-threat-list'),
};

/** What an operator may switch on. */
export interface ThreatOptions {
  /** Whether a match of a threat list of one's own is denied like one of GuardDuty's. Default false: it only calls a person. */
  readonly trustCustomThreatLists?: boolean;
}

const unknownType = call('other', 'type-not-covered');

/** The rule of a type: its own, else that of its family. A type that fits nothing is never denied on, and a person is called. */
export const ruleOf = (type: string): ThreatRule =>
  (Object.hasOwn(typeRules, type) ? typeRules[type] : familyRules.find(([fits]) => fits.test(type))?.[1]) ??
  unknownType;

const trafficWent: Readonly<Record<Direction, Judgement['direction']>> = {
  INBOUND: 'ingress',
  OUTBOUND: 'egress',
  UNKNOWN: 'both',
};

const notDenied = (reason: ThreatReason, direction: Direction, escalate = true): Judgement => ({
  verdict: 'ignore',
  direction: trafficWent[direction],
  escalate,
  spoofable: false,
  reason,
  because: threatReasons[reason],
});

/**
 * What the table says: finding type × role × direction → what to do about the remote address.
 * Inbound evidence counts only where our side is the target and the connection came in: else the address may be the victim of
 * our own host. Outbound evidence counts by its direction alone, for GuardDuty gives the role TARGET there too, though our
 * host acts. Any other role, and a direction that is not known, denies nobody.
 */
export const judge = (
  type: string,
  role: Role,
  direction: Direction,
  { trustCustomThreatLists = false }: ThreatOptions = {},
): Judgement => {
  const trusted = trustCustomThreatLists && type === 'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom';
  const rule = (trusted ? trustedList[direction] : undefined) ?? ruleOf(type);
  const { reason, escalate, deny, asActor, spoofable = false } = rule;
  if (deny === undefined) return notDenied(reason, direction, escalate);
  if (role === 'OTHER') return notDenied('role-unknown', direction);
  if (role === 'ACTOR' && asActor !== undefined) return notDenied(asActor, direction);
  if (direction !== (deny === 'ingress' ? 'INBOUND' : 'OUTBOUND')) {
    return notDenied('combination-not-covered', direction);
  }
  return { verdict: 'block', direction: deny, escalate, spoofable, reason, because: threatReasons[reason] };
};

/** The port that a type is about, where it is about one. */
export const portOf = (type: string): number | undefined => ruleOf(type).port;
