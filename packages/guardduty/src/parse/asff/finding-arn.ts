/** What the ARN of a GuardDuty finding says; it is the `Id` under which Security Hub keeps the finding. */
export interface FindingArn {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly detectorId: string;
  readonly findingId: string;
}

const findingArn = /^arn:(aws[a-z-]*):guardduty:([a-z0-9-]+):(\d{12}):detector\/([^/]{1,300})\/finding\/([^/]{1,300})$/;

/** Reads `arn:{partition}:guardduty:{region}:{account}:detector/{id}/finding/{id}`; undefined for anything else. */
export const readFindingArn = (text: string): FindingArn | undefined => {
  const [, partition, region, accountId, detectorId, findingId] = findingArn.exec(text) ?? [];
  if (!partition || !region || !accountId || !detectorId || !findingId) return undefined;
  return { partition, region, accountId, detectorId, findingId };
};
