import { isRemediationError } from '@remedykit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAsff, securityHubEvent } from '../testing/asff-events.ts';
import { portProbeEvent } from '../testing/finding-events.ts';
import { extractThreats } from '../threats/extract.ts';
import { parseHeldFinding } from './held-finding.ts';
import { parseFinding, parseFindings, parseRecords, readFindings } from './index.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const codes = [
  'FINDING_MALFORMED',
  'FINDING_FORM_UNSUPPORTED',
  'FINDING_SOURCE_FOREIGN',
  'NOT_A_FINDING',
  'FINDING_NOT_JSON',
  'FINDINGS_SEVERAL',
  'RECORDS_MALFORMED',
];

const documents: readonly unknown[] = [
  {
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    detail: {
      id: 'f1',
      type: 'Recon:EC2/PortProbeUnprotectedPort',
      accountId: '111122223333',
      region: 'eu-west-1',
      severity: 2,
      createdAt: '2026-11-24T09:05:00.000Z',
      title: 'probe',
      resource: { instanceDetails: { networkInterfaces: [{ subnetId: 'subnet-1', ipv6Addresses: ['2001:db8::5'] }] } },
      service: {
        resourceRole: 'TARGET',
        archived: false,
        additionalInfo: { value: '{"sample":false}' },
        eventLastSeen: 1_700_000_000,
        action: {
          actionType: 'PORT_PROBE',
          portProbeAction: {
            portProbeDetails: [
              { localPortDetails: { port: 22 }, remoteIpDetails: { ipAddressV4: '198.51.100.7' } },
              { localPortDetails: { port: 80 }, remoteIpDetails: { ipAddressV6: '2001:db8::7' } },
            ],
          },
        },
      },
    },
  },
  {
    id: 'f2',
    type: 'PrivilegeEscalation:Kubernetes/x',
    accountId: '111122223333',
    region: 'cn-north-1',
    severity: '5',
    service: { action: { kubernetesApiCallAction: { sourceIPs: ['198.51.100.7'] } } },
  },
];

const pascal = {
  Id: 'f3',
  Type: 'AttackSequence:IAM/CompromisedCredentials',
  AccountId: '111122223333',
  Region: 'us-east-1',
  Severity: 9,
  Service: { Detection: { Sequence: { Endpoints: [{ Ip: '198.51.100.7' }] } }, AdditionalInfo: { Value: '{}' } },
};

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:t';
const notification = { Type: 'Notification', TopicArn: topicArn, Message: JSON.stringify(documents[0]) };

/** Every envelope, with findings in it. */
const envelopes: readonly unknown[] = [
  ...documents,
  pascal,
  { Findings: [pascal, documents[1]] },
  [documents[0], pascal],
  notification,
  { Records: [{ EventSource: 'aws:sns', Sns: notification }] },
  {
    Records: [
      {
        messageId: 'm1',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:q',
        body: JSON.stringify(notification),
      },
    ],
  },
  securityHubEvent([asAsff(portProbeEvent({ at: new Date('2026-11-24T10:00:00.000Z') }))]),
];

const nasty = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    '',
    '__proto__',
    1e308,
    -0,
    '9'.repeat(400),
    JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`),
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ),
);

/** The document with one value, anywhere in it, replaced, removed or given a twin under another key. */
const mutate = (document: unknown, seed: number, value: unknown, how: 'replace' | 'remove' | 'add'): unknown => {
  const copy: unknown = structuredClone(document);
  const places: (readonly [object, string])[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      places.push([node, key]);
      visit(inner);
    }
  };
  visit(copy);
  const place = places[seed % places.length];
  if (!place) return value;
  const [node, key] = place;
  if (how === 'remove') Reflect.deleteProperty(node, key);
  else Reflect.set(node, how === 'add' ? key.charAt(0).toUpperCase() + key.slice(1) : key, value);
  return copy;
};

const mutantOf = (originals: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.constantFrom(...originals),
      fc.array(fc.tuple(fc.nat(), nasty, fc.constantFrom('replace' as const, 'remove' as const, 'add' as const)), {
        maxLength: 4,
      }),
    )
    .map(([document, changes]) =>
      changes.reduce<unknown>((current, [seed, value, how]) => mutate(current, seed, value, how), document),
    );

const mutant = mutantOf(documents);
const anyEnvelope = mutantOf(envelopes);

/** JSON with characters cut out or put in, anywhere. */
const brokenText = fc
  .tuple(
    anyEnvelope,
    fc.nat(),
    fc.nat(40),
    fc.oneof(fc.string(), fc.constantFrom('\n', '\u0000', '\ud800', '"', '{', ']')),
  )
  .map(([document, seed, length, extra]) => {
    const text = `${JSON.stringify(document)}\n${JSON.stringify(documents[1])}\n`;
    const at = seed % text.length;
    return text.slice(0, at) + extra + text.slice(at + length);
  });

const anyInput = fc.oneof(mutant, anyEnvelope, brokenText, fc.jsonValue(), fc.anything());

/** A finding, or a coded error that says nothing of the values. */
const parsesOrSays = (parse: () => unknown): void => {
  try {
    parse();
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    expect(codes).toContain(error.code);
    expect(error.retryable).toBe(false);
    expect(error.message).not.toMatch(/198\.51\.100|2001:db8|polluted/);
  }
  expect({}).not.toHaveProperty('polluted');
};

describe('parsing', () => {
  it('takes the documents that the mutants come from', () => {
    for (const document of documents) expect(parseFinding(document)).toHaveProperty('action');
    for (const envelope of envelopes) for (const { action } of parseFindings(envelope)) expect(action).toBeDefined();
  });

  it('gives findings or a coded error for every envelope, whatever is in it', () => {
    fc.assert(
      fc.property(anyInput, (input) => parsesOrSays(() => parseFindings(input).map(extractThreats))),
      { numRuns: numRuns * 5 },
    );
  });

  it('gives findings or coded errors for every text, in whatever pieces it comes', async () => {
    const chunks = fc.tuple(brokenText, fc.integer({ min: 1, max: 500 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(chunks, async ([text, size, asBytes]) => {
        const whole = asBytes ? Buffer.from(text) : text;
        const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
          whole.slice(at * size, (at + 1) * size),
        );
        const said: string[] = [];
        const onError = ({ code }: { code: string }) => void said.push(code);
        const source = (async function* () {
          yield* pieces;
        })();
        for await (const { provenance } of readFindings(source, { onError })) {
          expect(provenance).toEqual({ channel: 'bare' });
        }
        for (const code of said) expect(codes).toContain(code);
      }),
      { numRuns },
    );
  });

  it('gives a finding with threats or a coded error, whatever comes', () => {
    fc.assert(
      fc.property(anyInput, (input) => parsesOrSays(() => extractThreats(parseFinding(input)))),
      { numRuns: numRuns * 5 },
    );
  });

  it('gives plain JSON', () => {
    fc.assert(
      fc.property(mutant, (input) => {
        try {
          const finding = parseFinding(input);
          expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
        } catch (error) {
          if (!isRemediationError(error)) throw error;
        }
      }),
      { numRuns },
    );
  });

  it('reads back whatever GuardDuty answers, or gives a coded error', () => {
    fc.assert(
      fc.property(anyInput, (input) => parsesOrSays(() => parseHeldFinding(input, { channel: 'eventbridge' }))),
      { numRuns: numRuns * 2 },
    );
  });

  it('gives one result for each record of a batch, whatever is in them', () => {
    const body = fc.oneof(
      fc.string(),
      mutant.map((document) => JSON.stringify(document)),
    );
    const record = fc.oneof(
      anyInput,
      body.map((text) => ({
        messageId: 'm1',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:q',
        body: text,
      })),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 10 }), (records) => {
        const results = parseRecords({ Records: [{ eventSource: 'aws:sqs' }, ...records] });
        expect(results).toHaveLength(records.length + 1);
        for (const { finding, error, body: kept } of results) {
          expect((finding === undefined) !== (error === undefined)).toBe(true);
          expect(kept === undefined).toBe(error === undefined);
        }
      }),
      { numRuns },
    );
  });
});
