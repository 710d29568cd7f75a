import type { Finding } from '../finding.ts';
import { namedInterfaces, subnetsToDeny } from '../nacl/block/subnets-to-deny.ts';
import type { AddressThreat } from '../threats/threat.ts';
import { boundedText } from './bounded-text.ts';
import type { FillRow } from './report.ts';

/** Where a deny would go, as far as a finding says; findings name no network ACL. */
export type PreviewPlace = Pick<FillRow, 'kind' | 'id' | 'accountId' | 'region' | 'vpcId'>;

/** No id of EC2 is longer. */
const longestId = 64;

/**
 * The subnets in which a threat would be denied; the instance, where the finding names none of its subnets. Empty without
 * an instance: then there is no network ACL to change. Pure.
 */
export const previewPlaces = (threat: AddressThreat, finding: Finding): PreviewPlace[] => {
  const { accountId, region, instance } = finding;
  if (instance?.instanceId === undefined) return [];
  const interfaces = namedInterfaces(finding);
  if (interfaces.length === 0) {
    return [{ kind: 'instance', id: boundedText(instance.instanceId, longestId), accountId, region }];
  }
  return subnetsToDeny(threat, interfaces).map((subnetId) => {
    const vpcId = instance.interfaces.find((each) => each.subnetId === subnetId)?.vpcId;
    return {
      kind: 'subnet',
      id: boundedText(subnetId, longestId),
      accountId,
      region,
      ...(vpcId === undefined ? {} : { vpcId: boundedText(vpcId, longestId) }),
    };
  });
};
