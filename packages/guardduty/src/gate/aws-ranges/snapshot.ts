import { inflateRawSync } from 'node:zlib';
import type { AwsRanges } from './aws-ranges.ts';
import { packedRanges, publishedAt } from './snapshot-data.ts';

/** When AWS published the ranges that this version ships. */
export const awsRangesAsOf: Date = new Date(publishedAt);

let unpacked: AwsRanges | undefined;

/**
 * AWS's ranges as this version ships them, of `awsRangesAsOf`: the default of the option `awsRanges`. Ranges are added more
 * often than they move, so an old list still protects what it holds; it is too old to stand in for own addresses that cannot
 * be had.
 */
export const awsRangesSnapshot = async (): Promise<AwsRanges> => {
  unpacked ??= unpack();
  return unpacked;
};

const unpack = (): AwsRanges => {
  const text = inflateRawSync(Buffer.from(packedRanges, 'base64')).toString('ascii');
  const [services = [], ec2 = [], amazon = []] = text.split('\n').map((line) => line.split(' '));
  return { services, ec2, amazon, asOf: awsRangesAsOf };
};
