import { RemediationError } from '@remedykit/core';
import * as z from 'zod/mini';
import { canonicalCidr } from '../cidr.ts';
import { createRanges } from '../ranges.ts';
import type { AwsRanges } from './aws-ranges.ts';

const document = z.object({
  createDate: z.string(),
  prefixes: z.array(z.object({ ip_prefix: z.string(), service: z.string() })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string(), service: z.string() })),
});

/**
 * Reads the content of https://ip-ranges.amazonaws.com/ip-ranges.json, as text or as the object, into what the option
 * `awsRanges` gives. `readAt`: when it was fetched; without it the ranges are as old as their publication, which may be days
 * ago although nothing has changed since. A range that is listed for EC2 and for a service as well (S3's are) counts as the
 * service's. Source: "AWS IP address ranges", VPC user guide.
 * @throws RemediationError `AWS_RANGES_INVALID`: the content is something else, empty, or not dated
 * @example
 * ```ts
 * import { parseAwsRanges } from '@remedykit/guardduty';
 * const awsRanges = async () => {
 *   const answer = await fetch('https://ip-ranges.amazonaws.com/ip-ranges.json', { signal: AbortSignal.timeout(5_000) });
 *   return parseAwsRanges(await answer.text(), { readAt: new Date() });
 * };
 * ```
 */
export const parseAwsRanges = (content: unknown, { readAt }: { readonly readAt?: Date } = {}): AwsRanges => {
  const { data, error } = z.safeParse(document, typeof content === 'string' ? fromText(content) : content);
  if (error) {
    const [issue] = error.issues;
    throw invalid(`${issue?.path.join('.') || 'the whole'} is missing or of another kind`);
  }
  const entries = [
    ...data.prefixes.map(({ ip_prefix, service }) => ({ cidr: ip_prefix, service })),
    ...data.ipv6_prefixes.map(({ ipv6_prefix, service }) => ({ cidr: ipv6_prefix, service })),
  ];
  const listed = (is: (service: string) => boolean) => cidrsOf(entries.filter(({ service }) => is(service)));
  const ec2 = listed((service) => service === 'EC2');
  const services = listed((service) => service !== 'EC2' && service !== 'AMAZON');
  const known = createRanges(ec2.map((cidr) => ({ cidr })));
  const amazon = listed((service) => service === 'AMAZON').filter((cidr) => !known.cover(cidr));
  // An empty list would say that nothing is AWS's.
  if (ec2.length === 0 || services.length === 0) throw invalid("it lists no ranges of EC2, or none but EC2's");
  return { services, ec2, amazon, asOf: readAt ?? publishedAt(data.createDate) };
};

const invalid = (what: string, cause?: unknown): RemediationError =>
  new RemediationError({
    code: 'AWS_RANGES_INVALID',
    message: `This is not the content of ip-ranges.json: ${what}. Pass what https://ip-ranges.amazonaws.com/ip-ranges.json answers.`,
    cause,
  });

const fromText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
};

const cidrsOf = (entries: readonly { readonly cidr: string }[]): string[] => {
  try {
    return [...new Set(entries.map(({ cidr }) => canonicalCidr(cidr)))];
  } catch (cause) {
    throw invalid('a range cannot be read', cause);
  }
};

/** `2026-10-26-19-23-07`, in UTC. */
const publishedAt = (createDate: string): Date => {
  const [, day, hour, minute, second] = /^(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)$/.exec(createDate) ?? [];
  const date = new Date(`${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime())) throw invalid(`its date cannot be read ("${createDate.slice(0, 40)}")`);
  return date;
};
