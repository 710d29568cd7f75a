import type { NetworkAcl } from '@aws-sdk/client-ec2';
import { seconds } from '@remedykit/core';
import type { LedgerId } from '../ledger/ledger.ts';
import type { Run } from '../run.ts';
import { gatherAcl } from './gather-acls.ts';

/** The steps of one plan share a reading for so long, ms: under throttling the last is written much later than the first. */
const sharedFor = seconds(5);

/**
 * Reads the network ACL right before something in it is written over or taken out, again where the latest reading is 5
 * seconds old. IAM action: ec2:DescribeNetworkAcls.
 */
export const createRecentAcl = (
  { settings }: Pick<Run, 'settings'>,
  id: LedgerId,
): (() => Promise<NetworkAcl | undefined>) => {
  let reading: { readonly at: number; readonly acl: Promise<NetworkAcl | undefined> } | undefined;
  return () => {
    const at = settings.now().getTime();
    if (reading === undefined || !(at >= reading.at && at - reading.at < sharedFor)) {
      reading = { at, acl: gatherAcl(settings.ec2(id), id.networkAclId) };
    }
    return reading.acl;
  };
};
