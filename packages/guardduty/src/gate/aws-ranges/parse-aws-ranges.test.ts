import { describe, expect, it } from 'vitest';
import { createAwsRanges } from './aws-ranges.ts';
import { parseAwsRanges } from './parse-aws-ranges.ts';

const content = {
  syncToken: '1792977064',
  createDate: '2026-10-26-01-11-04',
  prefixes: [
    { ip_prefix: '198.51.100.0/22', region: 'eu-west-1', service: 'AMAZON', network_border_group: 'eu-west-1' },
    { ip_prefix: '198.51.100.0/24', region: 'eu-west-1', service: 'EC2', network_border_group: 'eu-west-1' },
    { ip_prefix: '198.51.100.128/25', region: 'eu-west-1', service: 'EC2', network_border_group: 'eu-west-1' },
    { ip_prefix: '198.51.100.192/26', region: 'eu-west-1', service: 'S3', network_border_group: 'eu-west-1' },
    { ip_prefix: '203.0.113.0/24', region: 'GLOBAL', service: 'CLOUDFRONT', network_border_group: 'GLOBAL' },
  ],
  ipv6_prefixes: [
    { ipv6_prefix: '2001:db8::/32', region: 'eu-west-1', service: 'AMAZON', network_border_group: 'eu-west-1' },
    { ipv6_prefix: '2001:db8:1::/48', region: 'eu-west-1', service: 'EC2', network_border_group: 'eu-west-1' },
  ],
};

describe('parseAwsRanges', () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    [
      '198.51.100.7',
      undefined,
      '198.51.100.0/24',
      "an address of EC2 is a customer's, although Amazon's list holds it",
    ],
    ['198.51.101.7', '198.51.100.0/22', undefined, "an address of Amazon that is not EC2's is a service's"],
    ['198.51.100.200', '198.51.100.192/26', '198.51.100.0/24', "listed for both, it is the service's"],
    ['203.0.113.7', '203.0.113.0/24', undefined, 'an address of a service alone'],
    ['192.0.2.7', undefined, undefined, "nobody's here"],
    ['2001:db8:1::/64', undefined, '2001:db8:1::/48', "a range of EC2's"],
    ['2001:db8:2::/64', '2001:db8::/32', undefined, 'a range of Amazon'],
    ['2001:db8::/40', '2001:db8::/32', '2001:db8:1::/48', "a range of which only a part is EC2's"],
  ])('%s: service %s, EC2 %s (%s)', (cidr, service, ec2) => {
    const known = createAwsRanges(parseAwsRanges(content));
    expect([known.service(cidr)?.cidr, known.ec2(cidr)?.cidr]).toEqual([service, ec2]);
  });

  it('reads text as well as the object, and knows its age', () => {
    const published = new Date('2026-10-26T01:11:04.000Z');
    expect(parseAwsRanges(JSON.stringify(content))).toEqual(parseAwsRanges(content));
    expect(parseAwsRanges(content).asOf).toEqual(published);
    const readAt = new Date('2026-11-24T10:00:00.000Z');
    expect(parseAwsRanges(content, { readAt }).asOf).toEqual(readAt);
    expect(createAwsRanges(parseAwsRanges(content)).reading.asOf).toBe(published.toISOString());
  });

  it('the digest tells another list from this one, whichever of the three differs', () => {
    const ranges = parseAwsRanges(content);
    const digest = createAwsRanges(ranges).reading.digest;
    for (const list of ['services', 'ec2', 'amazon'] as const)
      expect(createAwsRanges({ ...ranges, [list]: ['192.0.2.0/24'] }).reading.digest).not.toBe(digest);
  });

  it.each<[string, unknown]>([
    ['no JSON', '<html>'],
    ['nothing', undefined],
    ['a list', []],
    ['no prefixes', { ...content, prefixes: undefined }],
    ['no IPv6 prefixes', { ...content, ipv6_prefixes: 'none' }],
    ['a prefix without a service', { ...content, prefixes: [{ ip_prefix: '198.51.100.0/24' }] }],
    ['a prefix that is none', { ...content, prefixes: [{ ip_prefix: '198.51.100/24', service: 'EC2' }] }],
    [
      'no EC2',
      { ...content, prefixes: content.prefixes.filter(({ service }) => service !== 'EC2'), ipv6_prefixes: [] },
    ],
    ['nothing but EC2', { ...content, prefixes: content.prefixes.filter(({ service }) => service === 'EC2') }],
    ['no date', { ...content, createDate: 'yesterday' }],
  ])('G26: refuses what would say that nothing is of AWS: %s', (_, given) => {
    expect(() => parseAwsRanges(given)).toThrow(expect.objectContaining({ code: 'AWS_RANGES_INVALID' }));
  });
});
