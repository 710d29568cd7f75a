import { describe, expect, it } from 'vitest';
import type { Finding, FindingAction } from '../finding.ts';
import { extractThreats } from './extract.ts';
import { threatReasons } from './reasons.ts';

const finding = (type: string, action?: FindingAction, resourceRole?: string): Finding => ({
  id: 'f1',
  type,
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  severity: 2,
  sample: false,
  archived: false,
  provenance: { channel: 'bare' },
  ...(action ? { action } : {}),
  ...(resourceRole ? { resourceRole } : {}),
});

type Connection = Extract<FindingAction, { kind: 'network-connection' }>;

const connection = (changes: Partial<Connection> = {}): Connection => ({
  kind: 'network-connection',
  direction: 'INBOUND',
  protocol: 'TCP',
  blocked: false,
  local: { port: 22, ipv4: '10.0.0.5', networkInterfaceId: 'eni-1' },
  remote: { ipv4: '198.51.100.7' },
  ...changes,
});

const ssh = (changes: Partial<Connection> = {}, role = 'TARGET'): Finding =>
  finding('UnauthorizedAccess:EC2/SSHBruteForce', connection(changes), role);

const addressesOf = (found: Finding): (string | undefined)[] => extractThreats(found).map(({ address }) => address);

describe('extractThreats', () => {
  it('gives the attacker of a brute force with port, interface and verdict', () => {
    expect(extractThreats(ssh())).toEqual([
      {
        address: '198.51.100.7/32',
        family: 4,
        direction: 'ingress',
        verdict: 'block',
        escalate: false,
        reason: 'brute-force',
        because: expect.stringContaining('guessing passwords'),
        protocol: 'tcp',
        attackedPorts: [{ port: 22, hits: 1 }],
        spoofable: false,
        alreadyBlocked: false,
        localEnds: [{ port: 22, ipv4: '10.0.0.5', networkInterfaceId: 'eni-1' }],
      },
    ]);
  });

  it('G14, G15: our host attacking is escalated, and its victim is not denied', () => {
    expect(extractThreats(ssh({ direction: 'OUTBOUND', remote: { ipv4: '203.0.113.9' } }, 'ACTOR'))).toMatchObject([
      { address: '203.0.113.9/32', verdict: 'ignore', escalate: true, reason: 'our-host-attacks' },
    ]);
  });

  it.each(['SOURCE', 'target', undefined])('blocks nothing in the role %s', (role) => {
    const found = finding('UnauthorizedAccess:EC2/SSHBruteForce', connection(), role);
    expect(extractThreats(found)).toMatchObject([{ verdict: 'ignore', escalate: true, reason: 'role-unknown' }]);
  });

  it('G16: an outbound contact is denied outbound and escalated, though its role says TARGET', () => {
    const action = connection({ direction: 'OUTBOUND', local: { port: 49_152 }, remotePort: 80 });
    expect(extractThreats(finding('Trojan:EC2/DropPoint', action, 'TARGET'))).toMatchObject([
      { direction: 'egress', verdict: 'block', escalate: true, attackedPorts: [] },
    ]);
  });

  it('G20: every probe detail yields its address, each once, with its ports and hits', () => {
    const at = (ipv4: string, port: number) => ({ local: { port }, remote: { ipv4 } });
    const action: FindingAction = {
      kind: 'port-probe',
      blocked: true,
      probes: [
        at('198.51.100.7', 443),
        at('198.51.100.8', 22),
        at('198.51.100.7', 80),
        at('198.51.100.7', 443),
        { local: {}, remote: { ipv4: '198.51.100.9' } },
      ],
    };
    const threats = extractThreats(finding('Recon:EC2/PortProbeUnprotectedPort', action, 'TARGET'));
    const common = { verdict: 'block', direction: 'ingress', protocol: 'tcp', spoofable: true, alreadyBlocked: true };
    expect(threats).toMatchObject([
      {
        ...common,
        address: '198.51.100.7/32',
        attackedPorts: [
          { port: 80, hits: 1 },
          { port: 443, hits: 2 },
        ],
        localEnds: [{ port: 443 }, { port: 80 }],
      },
      { ...common, address: '198.51.100.8/32', attackedPorts: [{ port: 22, hits: 1 }] },
      { ...common, address: '198.51.100.9/32', attackedPorts: [], localEnds: [] },
    ]);
  });

  it.each(['aws-api-call', 'kubernetes-api-call', 'rds-login-attempt', 'attack-sequence'] as const)(
    'G20: every address of %s is named, and none is blocked',
    (kind) => {
      const action: FindingAction = { kind, remotes: [{ ipv4: '198.51.100.7' }, { ipv6: '2001:db8::7' }] };
      expect(extractThreats(finding('Discovery:RDS/MaliciousIPCaller', action, 'TARGET'))).toMatchObject([
        {
          address: '198.51.100.7/32',
          verdict: 'ignore',
          escalate: true,
          direction: 'both',
          protocol: 'any',
          alreadyBlocked: false,
        },
        { address: '2001:db8::7/128', verdict: 'ignore', escalate: true },
      ]);
    },
  );

  it('names the addresses of an action that it does not know, and blocks none of them', () => {
    const action: FindingAction = { kind: 'other', actionType: 'NEW_KIND', remotes: [{ ipv4: '198.51.100.7' }] };
    expect(extractThreats(finding('UnauthorizedAccess:EC2/SSHBruteForce', action, 'TARGET'))).toMatchObject([
      { address: '198.51.100.7/32', verdict: 'ignore', reason: 'combination-not-covered', protocol: 'any' },
    ]);
  });

  it('G21: an address of IPv6 alone is a host of /128, and both families of one remote side are two threats', () => {
    expect(extractThreats(ssh({ remote: { ipv6: '2001:0DB8:0::0007' } }))).toMatchObject([
      { address: '2001:db8::7/128', family: 6, verdict: 'block' },
    ]);
    expect(addressesOf(ssh({ remote: { ipv4: '198.51.100.7', ipv6: '2001:db8::7' } }))).toEqual([
      '198.51.100.7/32',
      '2001:db8::7/128',
    ]);
  });

  it('folds IPv4 inside IPv6 to the IPv4 host, and counts it once', () => {
    expect(addressesOf(ssh({ remote: { ipv4: '198.51.100.7', ipv6: '::ffff:198.51.100.7' } }))).toEqual([
      '198.51.100.7/32',
    ]);
  });

  it.each([
    '',
    '198.51.100',
    '198.051.100.7',
    '0x1.1.1.1',
    '198.51.100.7/24',
    'fe80::1%eth0',
    '3325256711',
    'a.example',
  ])('escalates what it cannot read as an address: %j', (ipv4) => {
    expect(extractThreats(ssh({ remote: { ipv4 } }))).toMatchObject([
      { verdict: 'ignore', escalate: true, reason: 'address-unreadable' },
    ]);
    expect(addressesOf(ssh({ remote: { ipv4, ipv6: '2001:db8::7' } }))).toEqual(['2001:db8::7/128', undefined]);
  });

  it.each([undefined, connection({ remote: {} }), { kind: 'dns-request', blocked: false } as const])(
    'escalates a finding without the address that its type is about: %j',
    (action) => {
      const threats = extractThreats(finding('Trojan:EC2/DropPoint', action, 'TARGET'));
      expect(threats).toMatchObject([{ verdict: 'ignore', escalate: true, reason: 'no-address' }]);
    },
  );

  it('gives the reason of the type where the type is about no address', () => {
    const asked = finding('Trojan:EC2/DropPoint!DNS', { kind: 'dns-request', blocked: false }, 'TARGET');
    expect(extractThreats(asked)).toEqual([
      { verdict: 'ignore', escalate: true, reason: 'domain-request', because: threatReasons['domain-request'] },
    ]);
  });

  it('takes the addresses of a contradictory finding from its action, and its verdict from its type', () => {
    const threats = extractThreats(
      finding('Trojan:EC2/DropPoint!DNS', connection({ direction: 'OUTBOUND' }), 'TARGET'),
    );
    expect(threats).toMatchObject([{ address: '198.51.100.7/32', verdict: 'ignore', reason: 'domain-request' }]);
  });

  it('calls nobody for a type that is left alone, with an address or without', () => {
    const type = 'Discovery:S3/AnomalousBehavior';
    const called: FindingAction = { kind: 'aws-api-call', remotes: [{ ipv4: '198.51.100.7' }] };
    for (const action of [called, undefined]) {
      expect(extractThreats(finding(type, action, 'TARGET'))).toMatchObject([
        { verdict: 'ignore', escalate: false, reason: 'looked-around' },
      ]);
    }
  });

  it.each([
    ['UDP', 'udp', true],
    ['ICMP', 'any', true],
    ['TCP', 'tcp', false],
    [undefined, 'tcp', false],
  ])('treats the source of %s evidence as %s, forgeable: %s', (protocol, expected, spoofable) => {
    const { protocol: _, ...rest } = connection();
    const found = finding(
      'UnauthorizedAccess:EC2/RDPBruteForce',
      { ...rest, ...(protocol ? { protocol } : {}) },
      'TARGET',
    );
    expect(extractThreats(found)).toMatchObject([{ protocol: expected, spoofable }]);
  });

  it('does not guess the protocol of a type that is about no port', () => {
    const { protocol: _, ...rest } = connection();
    const tor = finding('UnauthorizedAccess:EC2/TorIPCaller', rest, 'TARGET');
    expect(extractThreats(tor)).toMatchObject([{ protocol: 'any', spoofable: false }]);
  });

  it('lists each of our ends once, however little tells two apart', () => {
    const end = { port: 22, ipv4: '10.0.0.5', ipv6: '2001:db8:a::5', networkInterfaceId: 'eni-1' };
    const ends = [
      end,
      { ...end, port: 2222 },
      { ...end, ipv4: '10.0.0.6' },
      { ...end, ipv6: '2001:db8:a::6' },
      { ...end, networkInterfaceId: 'eni-2' },
    ];
    const probes = [...ends, ...ends].map((local) => ({ local, remote: { ipv4: '198.51.100.7' } }));
    const probe = finding(
      'Recon:EC2/PortProbeUnprotectedPort',
      { kind: 'port-probe', blocked: false, probes },
      'TARGET',
    );
    expect(extractThreats(probe)).toMatchObject([{ localEnds: ends }]);
  });

  it('says when the traffic had been dropped already', () => {
    expect(extractThreats(ssh({ blocked: true }))).toMatchObject([{ alreadyBlocked: true }]);
  });

  it('knows the port that a type is about where the finding names none', () => {
    const { local: _, ...rest } = connection();
    const rdp = finding('UnauthorizedAccess:EC2/RDPBruteForce', { ...rest, local: {} }, 'TARGET');
    expect(extractThreats(rdp)).toMatchObject([{ attackedPorts: [{ port: 3389, hits: 1 }] }]);
  });

  it('G16: takes nobody for forged whom our own host sends to, whatever the protocol', () => {
    const sent = finding('Trojan:EC2/DropPoint', connection({ direction: 'OUTBOUND', protocol: 'UDP' }), 'TARGET');
    expect(extractThreats(sent)).toMatchObject([{ verdict: 'block', direction: 'egress', spoofable: false }]);
  });

  it('does not take port 0 for an attacked port', () => {
    expect(extractThreats(ssh({ local: { port: 0 } }))).toMatchObject([{ attackedPorts: [] }]);
  });
});
