import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventPattern } from './event-pattern.ts';
import { findingTypes } from './finding-types.ts';

// The pattern as an emulator's EventBridge reads it: an archive keeps what its pattern matches and counts it. (Who may put
// events from `aws.` sources is AWS alone; the emulator takes them from anybody.)

const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
const region = process.env.AWS_REGION ?? 'eu-west-1';
const archives = ['default', 'retired', 'severe'] as const;

const send = async (operation: string, input: object): Promise<Record<string, unknown>> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSEvents.${operation}`,
      // The emulator reads service and Region from it and checks no signature.
      Authorization: `AWS4-HMAC-SHA256 Credential=test/20261124/${region}/events/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
};

const put = async (types: readonly string[], severity: number): Promise<void> => {
  const entries = types.map((type) => ({
    Source: 'aws.guardduty',
    DetailType: 'GuardDuty Finding',
    Detail: JSON.stringify({ type, severity }),
  }));
  // At most ten per request.
  for (let at = 0; at < entries.length; at += 10) await send('PutEvents', { Entries: entries.slice(at, at + 10) });
};

const counts = async (): Promise<unknown[]> =>
  await Promise.all(
    archives.map(async (name) => (await send('DescribeArchive', { ArchiveName: `types-${name}` })).EventCount),
  );

const typesThat = (state: 'active' | 'retired', matter: boolean): string[] =>
  findingTypes
    .filter((each) => each.state === state && (each.verdict === 'block' || each.escalate) === matter)
    .map(({ type }) => type);

beforeAll(async () => {
  const patterns = {
    default: eventPattern(),
    retired: eventPattern({ includeRetired: true }),
    severe: eventPattern({ minimumSeverity: 4 }),
  };
  for (const name of archives) {
    await send('CreateArchive', {
      ArchiveName: `types-${name}`,
      EventSourceArn: `arn:aws:events:${region}:123456789012:event-bus/default`,
      EventPattern: JSON.stringify(patterns[name]),
    });
  }
});

afterAll(async () => {
  for (const name of archives) await send('DeleteArchive', { ArchiveName: `types-${name}` });
});

it('is read by EventBridge as it is meant: all that we act on, nothing that we ignore', async () => {
  const active = typesThat('active', true);
  const retired = typesThat('retired', true);
  await put(active, 5);
  expect(await counts()).toEqual([active.length, active.length, active.length]);
  await put(retired, 5);
  expect(await counts()).toEqual([active.length, active.length + retired.length, active.length]);
  // None of these adds to any count.
  await put([...typesThat('active', false), ...typesThat('retired', false)], 5);
  expect(await counts()).toEqual([active.length, active.length + retired.length, active.length]);
  await put(active, 3.9);
  expect(await counts()).toEqual([active.length * 2, active.length * 2 + retired.length, active.length]);
});
