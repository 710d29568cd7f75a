import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAwsRanges } from './aws-ranges.ts';
import { awsRangesAsOf, awsRangesSnapshot } from './snapshot.ts';

it.each([
  // As AWS documents or is known to use them.
  ['52.94.5.1', 'DynamoDB'],
  ['3.5.1.1', 'S3'],
  ['13.32.0.1', 'CloudFront'],
  ['205.251.192.1', 'Route 53'],
])('the snapshot knows %s, of %s', async (address) => {
  expect(createAwsRanges(await awsRangesSnapshot()).service(address)).toBeDefined();
});

it.each(['3.80.1.1', '18.200.1.1', '2600:1f18::1'])('the snapshot knows %s as one of EC2', async (address) => {
  const known = createAwsRanges(await awsRangesSnapshot());
  expect(known.ec2(address)).toBeDefined();
  expect(known.service(address)).toBeUndefined();
});

it.each(['8.8.8.8', '1.1.1.1', '198.51.100.7', '2a00:1450::1'])('the snapshot takes %s for nobody', async (address) => {
  const known = createAwsRanges(await awsRangesSnapshot());
  expect([known.ec2(address), known.service(address)]).toEqual([undefined, undefined]);
});

it('says how old it is, in the documentation too', async () => {
  expect((await awsRangesSnapshot()).asOf).toEqual(awsRangesAsOf);
  const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
  expect(readme).toContain(awsRangesAsOf.toISOString().slice(0, 10));
});
