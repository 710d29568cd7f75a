const partitionsByRegion: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
];

/** The partition that a Region belongs to. Source: AWS partitions as in the SDK's endpoint rules, 2026-08. */
export const partitionOf = (region: string): string =>
  partitionsByRegion.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
