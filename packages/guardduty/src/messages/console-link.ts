import type { Finding } from '../finding.ts';

/**
 * Where each partition's console is. Source: GuardDuty links as AWS's own and terraform-aws-notify-slack's messages have
 * them; the hosts of other partitions are not verified, so there is no link.
 */
const consoleHosts: Readonly<Record<string, (region: string) => string>> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

/** The Region becomes part of a host name, and the finding could be forged. */
const isRegion = (region: string): boolean => /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/.test(region);

/** The finding in the GuardDuty console; `undefined` where the partition's console is not known. */
export const consoleLink = ({
  partition,
  region,
  id,
}: Pick<Finding, 'partition' | 'region' | 'id'>): string | undefined => {
  const host = Object.hasOwn(consoleHosts, partition) ? consoleHosts[partition] : undefined;
  if (host === undefined || !isRegion(region)) return undefined;
  const search = encodeURIComponent(`id=${id}`);
  return `https://${host(region)}/guardduty/home?region=${region}#/findings?macros=current&search=${search}`;
};
