import type { Dated } from './dated.ts';

/**
 * Controls that do what a template does, no less: only these may stand for it. A control that guards Control Tower's own
 * resources alone (`AWS-GR_CLOUDTRAIL_CHANGE_PROHIBITED`), or one service of many (`CT.S3.PV.5` of `requireTls`), is not here.
 */
export const controlEquivalents: Dated<Readonly<Record<string, string>>> = {
  version: 1,
  asOf: '2026-11-24',
  source: 'AWS Control Tower controls reference, descriptions of the preventive controls',
  data: {
    blockPublicAmis: 'CT.EC2.PV.11',
    blockPublicSnapshots: 'CT.EC2.PV.7',
    denyRootAccessKeys: 'AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS',
    denyRootUser: 'AWS-GR_RESTRICT_ROOT_USER',
    lambdaUrlIamAuth: 'CT.LAMBDA.PV.1',
    protectKmsGrants: 'CT.KMS.PV.1',
    restrictRegions: 'CT.MULTISERVICE.PV.1',
    serialConsole: 'CT.EC2.PV.9',
  },
};

/** The end of the ARN of `AWSControlTowerBaseline`, which registers an organisational unit. Source: baseline API examples of the Control Tower user guide. */
export const controlTowerBaselineId = '17BSJV3IGJ2QSGA2';
