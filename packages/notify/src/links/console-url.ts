import { partitionOf } from '@remedykit/core';

/**
 * Where each partition's console is, by Region. The hosts of other partitions (aws-eusc, aws-iso and others) are not
 * verified, so there is no link. Source: AWS's own links, and the console endpoints of the partitions' user guides.
 */
const hosts: Readonly<Record<string, (region: string) => string>> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-cn': () => 'console.amazonaws.cn',
  'aws-us-gov': () => 'console.amazonaws-us-gov.com',
};

/** The Region becomes part of a host name, and a finding could be forged. */
const isRegion = (region: string): boolean => /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/.test(region);

/** A page of the console. */
export interface ConsolePage {
  readonly region: string;
  /** Default: that of the Region. */
  readonly partition?: string;
  /** The service's path, as in `guardduty/home`. */
  readonly path: string;
  /** What follows `#`, encoded already. */
  readonly hash?: string;
}

/** The URL of a page of the console; `undefined` where the partition's console is not known, or the Region is none. */
export const consoleUrl = ({
  region,
  partition = partitionOf(region),
  path,
  hash,
}: ConsolePage): string | undefined => {
  const host = Object.hasOwn(hosts, partition) ? hosts[partition] : undefined;
  if (host === undefined || !isRegion(region)) return undefined;
  const fragment = hash === undefined ? '' : `#${hash}`;
  return `https://${host(region)}/${path}?region=${region}${fragment}`;
};

/** Where a thing is: its Region, and its partition where that is known otherwise. */
export type ConsolePlace = Pick<ConsolePage, 'region' | 'partition'>;

/** A finding in the GuardDuty console. */
export const guardDutyFindingUrl = ({
  findingId,
  ...place
}: ConsolePlace & { readonly findingId: string }): string | undefined =>
  consoleUrl({
    ...place,
    path: 'guardduty/home',
    hash: `/findings?macros=current&search=${encodeURIComponent(`id=${findingId}`)}`,
  });

/** A network ACL in the VPC console. */
export const networkAclUrl = ({
  networkAclId,
  ...place
}: ConsolePlace & { readonly networkAclId: string }): string | undefined =>
  consoleUrl({
    ...place,
    path: 'vpcconsole/home',
    hash: `NetworkAclDetails:networkAclId=${encodeURIComponent(networkAclId)}`,
  });

/** An instance in the EC2 console. */
export const instanceUrl = ({
  instanceId,
  ...place
}: ConsolePlace & { readonly instanceId: string }): string | undefined =>
  consoleUrl({ ...place, path: 'ec2/home', hash: `InstanceDetails:instanceId=${encodeURIComponent(instanceId)}` });

/** A user's credentials in the IAM console. */
export const iamUserUrl = ({ userName, ...place }: ConsolePlace & { readonly userName: string }): string | undefined =>
  consoleUrl({
    ...place,
    path: 'iam/home',
    hash: `/users/details/${encodeURIComponent(userName)}?section=security_credentials`,
  });

const consoleHost = /^(?:[a-z0-9-]+\.)?console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/;

/** True for a URL of a console that is known. */
export const isConsoleUrl = (input: string): boolean => {
  if (!URL.canParse(input)) return false;
  const { protocol, hostname, port, username } = new URL(input);
  return protocol === 'https:' && port === '' && username === '' && consoleHost.test(hostname);
};
