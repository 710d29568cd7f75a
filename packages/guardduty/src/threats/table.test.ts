import { describe, expect, it } from 'vitest';
import { findingTypes } from '../finding-types.ts';
import { threatReasons } from './reasons.ts';
import { type Direction, judge, type Role, threatTable } from './table.ts';

const roles: readonly Role[] = ['TARGET', 'ACTOR', 'OTHER'];
const directions: readonly Direction[] = ['INBOUND', 'OUTBOUND', 'UNKNOWN'];

const ssh = 'UnauthorizedAccess:EC2/SSHBruteForce';
const rdp = 'UnauthorizedAccess:EC2/RDPBruteForce';
const probe = 'Recon:EC2/PortProbeUnprotectedPort';
const tor = 'UnauthorizedAccess:EC2/TorIPCaller';
const blackHole = 'Trojan:EC2/BlackholeTraffic';
const dropPoint = 'Trojan:EC2/DropPoint';
const xorDdos = 'Backdoor:EC2/XORDDOS';

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
`
  .trim()
  .split('\n');

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

describe('threat table', () => {
  it.each(expected)('G14, G15, G16: %s', (line) => {
    const [type = '', role, direction] = line.split(' ') as [string, Role, Direction];
    expect(lineOf(type, role, direction)).toBe(line);
  });

  it('has one row for every type in every role and direction, and no other', () => {
    const keys = threatTable.map(([type, role, direction]) => `${type} ${role} ${direction}`);
    const wanted = findingTypes.flatMap(({ type }) =>
      roles.flatMap((role) => directions.map((direction) => `${type} ${role} ${direction}`)),
    );
    expect(keys.toSorted()).toEqual(wanted.toSorted());
    expect(expected).toHaveLength(wanted.length);
  });

  it.each(['Recon:EC2/Portscan', 'Trojan:EC2/DropPoint!DNS', 'Recon:EC2 PortProbeUnprotectedPort', 'toString', ''])(
    'never blocks on a type without a row: %s',
    (type) => {
      for (const role of roles) {
        for (const direction of directions) {
          expect(judge(type, role, direction)).toMatchObject({
            verdict: 'ignore',
            escalate: true,
            reason: 'type-not-covered',
          });
        }
      }
    },
  );

  it('leaves who is blocked to nobody who can write a custom threat list', () => {
    expect(judge('UnauthorizedAccess:EC2/MaliciousIPCaller.Custom', 'TARGET', 'INBOUND')).toMatchObject({
      verdict: 'ignore',
      escalate: true,
      reason: 'custom-threat-list',
    });
  });
});

describe('threatReasons', () => {
  it('lists every reason that is given, and gives every reason that is listed', () => {
    const given = new Set<string>(threatTable.map(([, , , { reason }]) => reason));
    given.add(judge('Any:Type/Else', 'TARGET', 'INBOUND').reason);
    given.add(judge('Any:Type/Else.Custom', 'TARGET', 'INBOUND').reason);
    // These two come from the extraction; extract.test.ts shows them.
    given.add('address-unreadable').add('no-address');
    expect([...given].toSorted()).toEqual(Object.keys(threatReasons).toSorted());
  });

  it('gives each row the sentence of its reason', () => {
    for (const [, , , { reason, because }] of threatTable) expect(because).toBe(threatReasons[reason]);
  });
});
