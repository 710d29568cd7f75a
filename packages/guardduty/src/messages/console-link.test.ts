import { describe, expect, it } from 'vitest';
import { consoleLink } from './console-link.ts';

const finding = { partition: 'aws', region: 'eu-west-1', id: '4ec1' };

describe('consoleLink', () => {
  it.each([
    ['aws', 'eu-west-1', 'eu-west-1.console.aws.amazon.com'],
    ['aws-cn', 'cn-north-1', 'console.amazonaws.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ])('N16: the host follows the partition %s', (partition, region, host) => {
    expect(consoleLink({ partition, region, id: '4ec1' })).toBe(
      `https://${host}/guardduty/home?region=${region}#/findings?macros=current&search=id%3D4ec1`,
    );
  });

  it.each(['aws-eusc', 'aws-iso', '', 'constructor'])('has no link for partition "%s"', (partition) => {
    expect(consoleLink({ ...finding, partition })).toBeUndefined();
  });

  it('N16: encodes the finding id, whatever it is', () => {
    const link = consoleLink({ ...finding, id: 'a&b#c|<d> e' }) ?? '';
    expect(link).toMatch(/&search=id%3Da%26b%23c%7C%3Cd%3E%20e$/);
    expect(new URL(link).host).toBe('eu-west-1.console.aws.amazon.com');
  });

  it.each(['evil.example/', 'evil.example#', 'eu-west-1.evil', '', 'EU-WEST-1'])(
    'makes no host of the Region "%s"',
    (region) => {
      expect(consoleLink({ ...finding, region })).toBeUndefined();
    },
  );
});
