import { describe, expect, it } from 'vitest';
import { findingTypes } from '../finding-types.ts';
import { type ThreatReason, threatReasons } from './reasons.ts';
import { type Direction, familyRules, judge, portOf, type Role, ruleOf, typeRules } from './table.ts';

const roles: readonly Role[] = ['TARGET', 'ACTOR', 'OTHER'];
const directions: readonly Direction[] = ['INBOUND', 'OUTBOUND', 'UNKNOWN'];

const ssh = 'UnauthorizedAccess:EC2/SSHBruteForce';
const rdp = 'UnauthorizedAccess:EC2/RDPBruteForce';
const probe = 'Recon:EC2/PortProbeUnprotectedPort';
const tor = 'UnauthorizedAccess:EC2/TorIPCaller';
const blackHole = 'Trojan:EC2/BlackholeTraffic';
const dropPoint = 'Trojan:EC2/DropPoint';
const xorDdos = 'Backdoor:EC2/XORDDOS';
const winRm = 'Impact:EC2/WinRMBruteForce';
const emrProbe = 'Recon:EC2/PortProbeEMRUnprotectedPort';
const control = 'Backdoor:EC2/C&CActivity.B';
const torClient = 'UnauthorizedAccess:EC2/TorClient';

/** Written out by hand: the table is built by functions, and a slip in one of them must not pass. */
const expected = `
${ssh} TARGET INBOUND block ingress quiet brute-force
${ssh} TARGET OUTBOUND ignore egress escalate combination-not-covered
${ssh} TARGET UNKNOWN ignore both escalate combination-not-covered
${ssh} ACTOR INBOUND ignore ingress escalate our-host-attacks
${ssh} ACTOR OUTBOUND ignore egress escalate our-host-attacks
${ssh} ACTOR UNKNOWN ignore both escalate our-host-attacks
${ssh} OTHER INBOUND ignore ingress escalate role-unknown
${ssh} OTHER OUTBOUND ignore egress escalate role-unknown
${ssh} OTHER UNKNOWN ignore both escalate role-unknown
${rdp} TARGET INBOUND block ingress quiet brute-force
${rdp} TARGET OUTBOUND ignore egress escalate combination-not-covered
${rdp} TARGET UNKNOWN ignore both escalate combination-not-covered
${rdp} ACTOR INBOUND ignore ingress escalate our-host-attacks
${rdp} ACTOR OUTBOUND ignore egress escalate our-host-attacks
${rdp} ACTOR UNKNOWN ignore both escalate our-host-attacks
${rdp} OTHER INBOUND ignore ingress escalate role-unknown
${rdp} OTHER OUTBOUND ignore egress escalate role-unknown
${rdp} OTHER UNKNOWN ignore both escalate role-unknown
${probe} TARGET INBOUND block ingress quiet port-probe spoofable
${probe} TARGET OUTBOUND ignore egress escalate combination-not-covered
${probe} TARGET UNKNOWN ignore both escalate combination-not-covered
${probe} ACTOR INBOUND ignore ingress escalate our-host-attacks
${probe} ACTOR OUTBOUND ignore egress escalate our-host-attacks
${probe} ACTOR UNKNOWN ignore both escalate our-host-attacks
${probe} OTHER INBOUND ignore ingress escalate role-unknown
${probe} OTHER OUTBOUND ignore egress escalate role-unknown
${probe} OTHER UNKNOWN ignore both escalate role-unknown
${tor} TARGET INBOUND block ingress quiet tor-inbound
${tor} TARGET OUTBOUND ignore egress escalate combination-not-covered
${tor} TARGET UNKNOWN ignore both escalate combination-not-covered
${tor} ACTOR INBOUND ignore ingress escalate combination-not-covered
${tor} ACTOR OUTBOUND ignore egress escalate combination-not-covered
${tor} ACTOR UNKNOWN ignore both escalate combination-not-covered
${tor} OTHER INBOUND ignore ingress escalate role-unknown
${tor} OTHER OUTBOUND ignore egress escalate role-unknown
${tor} OTHER UNKNOWN ignore both escalate role-unknown
${blackHole} TARGET INBOUND ignore ingress escalate combination-not-covered
${blackHole} TARGET OUTBOUND block egress escalate black-hole-traffic
${blackHole} TARGET UNKNOWN ignore both escalate combination-not-covered
${blackHole} ACTOR INBOUND ignore ingress escalate combination-not-covered
${blackHole} ACTOR OUTBOUND block egress escalate black-hole-traffic
${blackHole} ACTOR UNKNOWN ignore both escalate combination-not-covered
${blackHole} OTHER INBOUND ignore ingress escalate role-unknown
${blackHole} OTHER OUTBOUND ignore egress escalate role-unknown
${blackHole} OTHER UNKNOWN ignore both escalate role-unknown
${dropPoint} TARGET INBOUND ignore ingress escalate combination-not-covered
${dropPoint} TARGET OUTBOUND block egress escalate drop-point
${dropPoint} TARGET UNKNOWN ignore both escalate combination-not-covered
${dropPoint} ACTOR INBOUND ignore ingress escalate combination-not-covered
${dropPoint} ACTOR OUTBOUND block egress escalate drop-point
${dropPoint} ACTOR UNKNOWN ignore both escalate combination-not-covered
${dropPoint} OTHER INBOUND ignore ingress escalate role-unknown
${dropPoint} OTHER OUTBOUND ignore egress escalate role-unknown
${dropPoint} OTHER UNKNOWN ignore both escalate role-unknown
${xorDdos} TARGET INBOUND ignore ingress escalate combination-not-covered
${xorDdos} TARGET OUTBOUND block egress escalate ddos-malware
${xorDdos} TARGET UNKNOWN ignore both escalate combination-not-covered
${xorDdos} ACTOR INBOUND ignore ingress escalate combination-not-covered
${xorDdos} ACTOR OUTBOUND block egress escalate ddos-malware
${xorDdos} ACTOR UNKNOWN ignore both escalate combination-not-covered
${xorDdos} OTHER INBOUND ignore ingress escalate role-unknown
${xorDdos} OTHER OUTBOUND ignore egress escalate role-unknown
${xorDdos} OTHER UNKNOWN ignore both escalate role-unknown
${winRm} TARGET INBOUND block ingress quiet brute-force
${winRm} TARGET OUTBOUND ignore egress escalate combination-not-covered
${winRm} TARGET UNKNOWN ignore both escalate combination-not-covered
${winRm} ACTOR INBOUND ignore ingress escalate our-host-attacks
${winRm} ACTOR OUTBOUND ignore egress escalate our-host-attacks
${winRm} ACTOR UNKNOWN ignore both escalate our-host-attacks
${winRm} OTHER INBOUND ignore ingress escalate role-unknown
${winRm} OTHER OUTBOUND ignore egress escalate role-unknown
${winRm} OTHER UNKNOWN ignore both escalate role-unknown
${emrProbe} TARGET INBOUND block ingress escalate exposed-cluster-port spoofable
${emrProbe} TARGET OUTBOUND ignore egress escalate combination-not-covered
${emrProbe} TARGET UNKNOWN ignore both escalate combination-not-covered
${emrProbe} ACTOR INBOUND ignore ingress escalate our-host-attacks
${emrProbe} ACTOR OUTBOUND ignore egress escalate our-host-attacks
${emrProbe} ACTOR UNKNOWN ignore both escalate our-host-attacks
${emrProbe} OTHER INBOUND ignore ingress escalate role-unknown
${emrProbe} OTHER OUTBOUND ignore egress escalate role-unknown
${emrProbe} OTHER UNKNOWN ignore both escalate role-unknown
${control} TARGET INBOUND ignore ingress escalate combination-not-covered
${control} TARGET OUTBOUND block egress escalate command-and-control
${control} TARGET UNKNOWN ignore both escalate combination-not-covered
${control} ACTOR INBOUND ignore ingress escalate combination-not-covered
${control} ACTOR OUTBOUND block egress escalate command-and-control
${control} ACTOR UNKNOWN ignore both escalate combination-not-covered
${control} OTHER INBOUND ignore ingress escalate role-unknown
${control} OTHER OUTBOUND ignore egress escalate role-unknown
${control} OTHER UNKNOWN ignore both escalate role-unknown
${torClient} TARGET INBOUND ignore ingress escalate combination-not-covered
${torClient} TARGET OUTBOUND block egress escalate tor-client
${torClient} TARGET UNKNOWN ignore both escalate combination-not-covered
${torClient} ACTOR INBOUND ignore ingress escalate combination-not-covered
${torClient} ACTOR OUTBOUND block egress escalate tor-client
${torClient} ACTOR UNKNOWN ignore both escalate combination-not-covered
${torClient} OTHER INBOUND ignore ingress escalate role-unknown
${torClient} OTHER OUTBOUND ignore egress escalate role-unknown
${torClient} OTHER UNKNOWN ignore both escalate role-unknown
`
  .trim()
  .split('\n');

/** What stands for a type in every role and direction, where nobody is denied; written out by hand as well. */
const neverDenied: readonly (readonly [reason: ThreatReason, types: readonly string[]])[] = [
  ['our-host-attacks', ['Impact:EC2/PortSweep', 'Recon:EC2/Portscan']],
  [
    'denial-of-service',
    ['Dns', 'Tcp', 'Udp', 'UdpOnTcpPorts', 'UnusualProtocol'].map((kind) => `Backdoor:EC2/DenialOfService.${kind}`),
  ],
  ['spam', ['Backdoor:EC2/Spambot']],
  ['tor-relay', ['UnauthorizedAccess:EC2/TorRelay']],
  ['crypto-peer', ['CryptoCurrency:EC2/BitcoinTool.A', 'CryptoCurrency:EC2/BitcoinTool.B']],
  ['unusual-traffic', ['Behavior:EC2/NetworkPortUnusual', 'Behavior:EC2/TrafficVolumeUnusual']],
  [
    'public-resolver',
    ['UnusualDNSResolver', 'UnusualDoHActivity', 'UnusualDoTActivity'].map((name) => `DefenseEvasion:EC2/${name}`),
  ],
  [
    'domain-request',
    [
      'Backdoor:EC2/C&CActivity.B!DNS',
      'Impact:EC2/SuspiciousDomainRequest.Reputation',
      'Impact:Runtime/BitcoinDomainRequest.Reputation',
      'Trojan:EC2/DGADomainRequest.B',
      'Trojan:EC2/DNSDataExfiltration',
      'Trojan:Runtime/DropPoint!DNS',
    ],
  ],
  ['metadata-rebinding', ['UnauthorizedAccess:EC2/MetadataDNSRebind', 'UnauthorizedAccess:Runtime/MetadataDNSRebind']],
  [
    'custom-threat-list',
    [
      'Execution:Runtime/MaliciousFileExecuted.Custom',
      'Impact:EC2/MaliciousDomainRequest.Custom',
      'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
      'UnauthorizedAccess:S3/MaliciousIPCaller.Custom',
    ],
  ],
  ['lambda-function', ['Backdoor:Lambda/C&CActivity.B', 'CryptoCurrency:Lambda/BitcoinTool.B']],
  [
    'runtime-connection',
    ['Backdoor:Runtime/C&CActivity.B', 'CryptoCurrency:Runtime/BitcoinTool.B', 'UnauthorizedAccess:Runtime/TorRelay'],
  ],
  ['host-behaviour', ['Execution:Runtime/ReverseShell', 'Execution:Runtime/MaliciousFileExecuted']],
  ['malware', ['Execution:EC2/MaliciousFile!AMI', 'Execution:ECS/SuspiciousFile', 'Object:S3/MaliciousFile']],
  [
    'aws-api',
    [
      'CredentialAccess:EC2/UnsecuredCredentials',
      'Discovery:S3/TorIPCaller',
      'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    ],
  ],
  ['cluster-api', ['CredentialAccess:Kubernetes/TorIPCaller', 'Execution:Kubernetes/ExecInKubeSystemPod']],
  ['database-login', ['CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce', 'Discovery:RDS/TorIPCaller']],
  [
    'control-change',
    [
      'CredentialAccess:RDS/ModifyAuthenticationProcess',
      'DefenseImpairment:EC2/DisableOrModifyTools',
      'Stealth:IAMUser/CloudTrailLoggingDisabled',
    ],
  ],
  ['exposure', ['Policy:IAMUser/RootCredentialUsage', 'Policy:S3/BucketAnonymousAccessGranted']],
  ['attack-sequence', ['AttackSequence:EC2/CompromisedInstanceGroup', 'AttackSequence:IAM/CompromisedCredentials']],
];

/** Types on which nobody is called: each has to be defended by name. */
const leftAlone: Readonly<Record<string, ThreatReason>> = {
  'Discovery:IAMUser/AnomalousBehavior': 'looked-around',
  'Discovery:Kubernetes/AnomalousBehavior.PermissionChecked': 'looked-around',
  'Discovery:S3/AnomalousBehavior': 'looked-around',
  'Policy:S3/AccountBlockPublicAccessDisabled': 'guard-rail-off',
  'Policy:S3/BucketBlockPublicAccessDisabled': 'guard-rail-off',
};

/** Every role with every direction. */
const combinations = roles.flatMap((role) => directions.map((direction) => ({ role, direction })));

const types = findingTypes.map(({ type }) => type);

const lineOf = (type: string, role: Role, direction: Direction): string => {
  const said = judge(type, role, direction);
  return [
    type,
    role,
    direction,
    said.verdict,
    said.direction,
    said.escalate ? 'escalate' : 'quiet',
    said.reason,
    ...(said.spoofable ? ['spoofable'] : []),
  ].join(' ');
};

describe('threat table: types on which somebody is denied', () => {
  it.each(expected)('G14, G15, G16: %s', (line) => {
    const [type = '', role, direction] = line.split(' ') as [string, Role, Direction];
    expect(lineOf(type, role, direction)).toBe(line);
  });

  it('are written out above, each in every role and direction', () => {
    const written = expected.map((line) => line.split(' ').slice(0, 3).join(' '));
    const denied = types.filter((type) => ruleOf(type).deny !== undefined);
    const wanted = denied.flatMap((type) => combinations.map(({ role, direction }) => `${type} ${role} ${direction}`));
    expect(written.toSorted()).toEqual(wanted.toSorted());
  });
});

describe('threat table: types on which nobody is denied', () => {
  it.each(neverDenied)('%s is why, in every role and direction', (reason, named) => {
    for (const type of named) {
      for (const { role, direction } of combinations) {
        expect([type, judge(type, role, direction)]).toMatchObject([
          type,
          { verdict: 'ignore', escalate: true, spoofable: false, reason },
        ]);
      }
    }
  });

  it('calls nobody on types that are named one by one, and on no other', () => {
    const quiet = types.filter((type) =>
      combinations.some(({ role, direction }) => {
        const { verdict, escalate } = judge(type, role, direction);
        return verdict === 'ignore' && !escalate;
      }),
    );
    expect(Object.fromEntries(quiet.map((type) => [type, ruleOf(type).reason]))).toEqual(leftAlone);
  });
});

describe('threat table: every type that GuardDuty documents', () => {
  it.each(types)('%s', (type) => {
    const rule = ruleOf(type);
    expect(rule.family).not.toBe('other');
    for (const { role, direction } of combinations) {
      const said = judge(type, role, direction);
      expect(said.because).toBe(threatReasons[said.reason]);
      // Who acts on whom is proved, or nobody is denied.
      if (role === 'OTHER' || direction === 'UNKNOWN') expect(said.verdict).toBe('ignore');
      if (role === 'ACTOR' && said.verdict === 'block') expect(said.direction).toBe('egress');
      if (said.verdict === 'block') {
        expect(said.direction).toBe(direction === 'INBOUND' ? 'ingress' : 'egress');
        // A deny on the way out hides a host that may be compromised.
        if (said.direction === 'egress') expect(said).toMatchObject({ escalate: true, spoofable: false });
      }
      // Names have no address, and whoever writes a list of his own must not choose whom we block.
      if (/!DNS$|\.Custom$/.test(type)) expect(said.verdict).toBe('ignore');
    }
  });

  it.each(['!DNS', 'Domain', 'DNSData'])('never denies on the evidence of a domain name: %s', (part) => {
    const found = types.filter((type) => type.includes(part) && !type.endsWith('.Custom'));
    expect(found.length).toBeGreaterThan(0);
    for (const type of found) expect(ruleOf(type)).toMatchObject({ family: 'domain-request', escalate: true });
  });

  it('denies on flow logs alone, where GuardDuty says who acts on whom', () => {
    for (const { type, verdict, dataSources, state } of findingTypes) {
      if (verdict === 'block' && state === 'active') expect([type, dataSources]).toEqual([type, ['vpc-flow-logs']]);
    }
  });

  it('needs every rule', () => {
    expect(Object.keys(typeRules).filter((type) => !types.includes(type))).toEqual([]);
    const byFamily = types.filter((type) => !Object.hasOwn(typeRules, type));
    for (const [, rule] of familyRules) expect(byFamily.some((type) => ruleOf(type) === rule)).toBe(true);
  });
});

describe('threat table: types that it does not know', () => {
  it.each([
    ['UnauthorizedAccess:EC2/MaliciousIPCaller', 'type-not-covered'],
    ['Impact:EC2/MassIPScan', 'type-not-covered'],
    ['Recon:EC2 PortProbeUnprotectedPort', 'type-not-covered'],
    ['recon:ec2/portprobeunprotectedport', 'type-not-covered'],
    ['toString', 'type-not-covered'],
    ['', 'type-not-covered'],
    ['Trojan:EC2/NewKind!DNS', 'domain-request'],
    ['UnauthorizedAccess:EC2/SSHBruteForce.Custom', 'custom-threat-list'],
    ['Backdoor:EC2/DenialOfService.Quic', 'denial-of-service'],
    ['Impact:EC2/DenialOfService.Dns', 'denial-of-service'],
    ['Impact:Runtime/NewKind', 'host-behaviour'],
    ['Policy:S3/NewKindDisabled', 'exposure'],
    ['Discovery:IAMUser/NewKind', 'aws-api'],
    ['Backdoor:Lambda/C&CActivity.C', 'lambda-function'],
    ['Discovery:RDS/TorIPCaller.Other', 'database-login'],
    ['DefenseImpairment:Lambda/DisableOrModifyTools', 'control-change'],
    // Custom detection rules name services whose own families are about something else.
    ['Persistence:Lambda/NewKind', 'type-not-covered'],
    ['Impact:RDS/NewKind', 'type-not-covered'],
  ] as const)('judges %s by its family, %s, and never denies', (type, reason) => {
    for (const { role, direction } of combinations) {
      expect(judge(type, role, direction)).toMatchObject({ verdict: 'ignore', escalate: true, reason });
    }
  });

  it('denies on no rule of a family, and calls a person on each', () => {
    for (const [, rule] of familyRules) {
      expect(rule.deny).toBeUndefined();
      expect(rule.escalate).toBe(true);
    }
  });
});

describe('a threat list of your own', () => {
  const type = 'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom';
  const trusted = { trustCustomThreatLists: true };

  it('calls a person and denies nobody, unless whoever may write it is trusted', () => {
    for (const { role, direction } of combinations)
      expect(judge(type, role, direction)).toMatchObject({ verdict: 'ignore', escalate: true });
  });

  it('denies in the direction in which the listed address is met, once it is trusted', () => {
    expect(judge(type, 'TARGET', 'INBOUND', trusted)).toMatchObject({
      verdict: 'block',
      direction: 'ingress',
      reason: 'trusted-threat-list',
    });
    expect(judge(type, 'TARGET', 'OUTBOUND', trusted)).toMatchObject({
      verdict: 'block',
      direction: 'egress',
      escalate: true,
    });
    expect(judge(type, 'TARGET', 'UNKNOWN', trusted).verdict).toBe('ignore');
    expect(judge(type, 'ACTOR', 'INBOUND', trusted).verdict).toBe('ignore');
    expect(judge(type, 'OTHER', 'OUTBOUND', trusted).verdict).toBe('ignore');
  });

  it('trusts no list with anything but the traffic of instances', () => {
    for (const other of [
      'Recon:IAMUser/MaliciousIPCaller.Custom',
      'UnauthorizedAccess:Lambda/MaliciousIPCaller.Custom',
    ])
      expect(judge(other, 'TARGET', 'OUTBOUND', trusted)).toMatchObject({ verdict: 'ignore', escalate: true });
  });
});

describe('portOf', () => {
  it('knows the port of the types that are about one', () => {
    const ports = types.flatMap((type) => (portOf(type) === undefined ? [] : [[type, portOf(type)]]));
    expect(ports).toEqual([
      [rdp, 3389],
      [ssh, 22],
    ]);
  });
});

describe('threatReasons', () => {
  it('lists every reason that is given, and gives every reason that is listed', () => {
    const given = new Set<string>(
      [...types, 'Any:Type/Else'].flatMap((type) =>
        combinations.map(({ role, direction }) => judge(type, role, direction).reason),
      ),
    );
    // These two come from the extraction; extract.test.ts shows them.
    given.add('address-unreadable').add('no-address');
    given.add(
      judge('UnauthorizedAccess:EC2/MaliciousIPCaller.Custom', 'TARGET', 'INBOUND', { trustCustomThreatLists: true })
        .reason,
    );
    expect([...given].toSorted()).toEqual(Object.keys(threatReasons).toSorted());
  });

  it('gives each a sentence', () => {
    for (const sentence of Object.values(threatReasons)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});
