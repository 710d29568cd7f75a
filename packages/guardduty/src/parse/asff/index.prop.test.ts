import { isRemediationError } from '@remedykit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allFindingEvents } from '../../testing/all-finding-events.ts';
import { asAsff } from '../../testing/asff-events.ts';
import { extractThreats } from '../../threats/extract.ts';
import { ocsfFinding } from '../ocsf/index.ts';
import { isRecord } from '../parse-error.ts';
import { asffFinding } from './index.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const at = new Date('2026-11-24T10:00:00.000Z');
const secret = 'secret-token';

const asffs: readonly unknown[] = Object.values(allFindingEvents).map((build) => ({
  ...asAsff(build({ at })),
  Action: {
    ActionType: 'PORT_PROBE',
    PortProbeAction: {
      PortProbeDetails: [{ LocalPortDetails: { Port: 22 }, RemoteIpDetails: { IpAddressV4: '198.51.100.77' } }],
    },
  },
  Detection: { Sequence: { Endpoints: [{ Ip: '198.51.100.78' }] } },
}));

const ocsfs: readonly unknown[] = [
  {
    activity_id: 1,
    class_uid: 2004,
    cloud: { account: { uid: '111122223333' }, region: 'eu-west-1' },
    evidences: [{ src_endpoint: { ip: '198.51.100.7' }, dst_endpoint: { ip: '10.0.1.10' } }],
    finding_info: {
      uid: 'arn:aws:guardduty:eu-west-1:111122223333:detector/d1/finding/f1',
      types: ['Threats', 'Recon:EC2/PortProbeUnprotectedPort'],
      last_seen_time: 1795514340000,
      title: 'probe',
    },
    metadata: { product: { uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/guardduty' } },
    resources: [
      { type: 'AWS::EC2::Instance', uid: 'i-1', device: { network_interfaces: [{ uid: 'eni-1', ip: '10.0.1.10' }] } },
    ],
    severity_id: 2,
    status_id: 1,
  },
];

const nasty = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    undefined,
    null,
    [],
    {},
    '',
    secret,
    '__proto__',
    '\ud800',
    1e308,
    -0,
    '9'.repeat(400),
    JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`),
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ),
);

const part = fc.constantFrom(
  'action',
  'actionType',
  'portProbeAction',
  'portProbeDetails.0_',
  'x.999999_',
  '__proto__',
  'constructor',
  'archived',
  'value',
  '',
  ':3',
  '.7_',
);
const key = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `aws/guardduty/service/${parts.join('/')}`);

const change = fc.oneof(
  fc.record({ how: fc.constantFrom('replace' as const, 'remove' as const), seed: fc.nat(), value: nasty }),
  fc.record({ how: fc.constant('field' as const), key, value: nasty }),
);

/** The document with one value, anywhere in it, replaced or removed, or with one more product field. */
const changed = (
  document: unknown,
  how: typeof change extends fc.Arbitrary<infer Change> ? Change : never,
): unknown => {
  const copy: unknown = structuredClone(document);
  if (how.how === 'field') {
    const fields = isRecord(copy) && isRecord(copy.ProductFields) ? copy.ProductFields : {};
    return isRecord(copy) ? { ...copy, ProductFields: { ...fields, [how.key]: how.value } } : copy;
  }
  const places: (readonly [object, string])[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, inner] of Object.entries(node)) {
      places.push([node, name]);
      visit(inner);
    }
  };
  visit(copy);
  const place = places[how.seed % places.length];
  if (!place) return copy;
  const [node, name] = place;
  if (how.how === 'remove') Reflect.deleteProperty(node, name);
  else Reflect.set(node, name, how.value);
  return copy;
};

const mutantOf = (documents: readonly unknown[]) =>
  fc
    .tuple(fc.constantFrom(...documents), fc.array(change, { maxLength: 5 }))
    .map(([document, changes]) => changes.reduce(changed, document));

const anyRecord = fc.dictionary(fc.string(), fc.anything());

type Read = typeof asffFinding;

/** A finding that is plain JSON and has threats, or a coded error that says nothing of the values. */
const readsOrSays = (read: Read, document: unknown): void => {
  if (!isRecord(document)) return;
  try {
    const finding = read(document, { envelope: 'a Security Hub finding', path: ['findings', 0] }, { channel: 'bare' });
    expect(finding.origin).toBe('securityhub');
    expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
    expect(extractThreats(finding).length).toBeGreaterThan(0);
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    expect(['FINDING_MALFORMED', 'NOT_A_FINDING']).toContain(error.code);
    expect(error.message).not.toMatch(/198\.51\.100|2001:db8|polluted|secret-token/);
  }
  expect({}).not.toHaveProperty('polluted');
};

describe('findings of Security Hub', () => {
  it.each([
    ['ASFF', asffFinding, asffs],
    ['OCSF', ocsfFinding, ocsfs],
  ] as const)('%s gives a finding or a coded error, whatever comes', (_name, read, documents) => {
    fc.assert(
      fc.property(fc.oneof(mutantOf(documents), anyRecord), (document) => readsOrSays(read, document)),
      { numRuns: numRuns * 5 },
    );
  });

  it('ASFF never acts on what is not open, whatever else is changed', () => {
    fc.assert(
      fc.property(
        mutantOf(asffs),
        fc.constantFrom(
          { RecordState: 'ARCHIVED' },
          { RecordState: undefined },
          { Workflow: { Status: 'RESOLVED' } },
          { Workflow: { Status: 'SUPPRESSED' } },
        ),
        (document, state) => {
          if (!isRecord(document)) return;
          try {
            const place = { envelope: 'a Security Hub finding', path: [] };
            expect(asffFinding({ ...document, ...state }, place, { channel: 'bare' }).archived).toBe(true);
          } catch (error) {
            if (!isRemediationError(error)) throw error;
          }
        },
      ),
      { numRuns },
    );
  });

  it('OCSF never gives anything to block', () => {
    fc.assert(
      fc.property(mutantOf(ocsfs), (document) => {
        if (!isRecord(document)) return;
        try {
          const finding = ocsfFinding(document, { envelope: 'a Security Hub finding', path: [] }, { channel: 'bare' });
          expect(extractThreats(finding).every(({ verdict }) => verdict === 'ignore')).toBe(true);
        } catch (error) {
          if (!isRemediationError(error)) throw error;
        }
      }),
      { numRuns },
    );
  });
});
