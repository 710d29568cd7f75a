import type { Dated } from './dated.ts';

/** Parameters of Control Tower controls. */
export type ControlParameterKey =
  | 'AllowedRegions'
  | 'ExemptAssumeRoot'
  | 'ExemptedActions'
  | 'ExemptedPrincipalArns'
  | 'ExemptedResourceArns';

/** A control of the AWS Control Catalog. */
export interface Control {
  /** The opaque id, the same in every Region. */
  readonly id: string;
  readonly takes: readonly ControlParameterKey[];
  readonly needs?: readonly ControlParameterKey[];
  /** Set up with the landing zone: it can be neither enabled nor disabled by the API. */
  readonly mandatory?: true;
}

const mandatory = (id: string): Control => ({ id, takes: [], mandatory: true });
const elective = (id: string): Control => ({ id, takes: [] });
const scp = (id: string): Control => ({ id, takes: ['ExemptedPrincipalArns'] });
const rcp = (id: string): Control => ({ id, takes: ['ExemptedPrincipalArns', 'ExemptedResourceArns'] });

/** Controls with the intent of a template, and those that every landing zone has. */
export const controls: Dated<Readonly<Record<string, Control>>> = {
  version: 1,
  asOf: '2026-11-24',
  source:
    'AWS Control Tower controls reference; ids by ListControls of the Control Catalog as published in aws-samples/aws-control-tower-controls-cdk@c45f8bb',
  data: {
    'AWS-GR_AUDIT_BUCKET_DELETION_PROHIBITED': mandatory('3cerasw3dhjqcwatjqo2gk3wj'),
    'AWS-GR_CLOUDTRAIL_CHANGE_PROHIBITED': mandatory('1iskvg0qcxofs1t78ittjbnr5'),
    'AWS-GR_CLOUDTRAIL_CLOUDWATCH_LOGS_ENABLED': mandatory('9kckk934zwozk5koykyc8w2t2'),
    'AWS-GR_CLOUDTRAIL_ENABLED': mandatory('3y0z7ziftmm28vdnlzjwe9410'),
    'AWS-GR_CLOUDTRAIL_VALIDATION_ENABLED': mandatory('wa2yjrj2zlenc1y71rim6z49'),
    'AWS-GR_CLOUDWATCH_EVENTS_CHANGE_PROHIBITED': mandatory('aoa66btqlvrz0ztealide8ll7'),
    'AWS-GR_CONFIG_AGGREGATION_AUTHORIZATION_POLICY': mandatory('742lj0swg82u6ql8zgt51s7ji'),
    'AWS-GR_CONFIG_AGGREGATION_CHANGE_PROHIBITED': mandatory('3ksucrmpxrisrr73zuw5jxry8'),
    'AWS-GR_CONFIG_CHANGE_PROHIBITED': mandatory('e2saoisw5u8xe40acfetio41w'),
    'AWS-GR_CONFIG_ENABLED': mandatory('4t6npb1xfud01v5ihhj9ldfax'),
    'AWS-GR_CONFIG_RULE_CHANGE_PROHIBITED': mandatory('5lwgwp498974xwygy5ge7pxfz'),
    'AWS-GR_IAM_ROLE_CHANGE_PROHIBITED': mandatory('e8m8q8hlntzfkjhhf99yk84jl'),
    'AWS-GR_LAMBDA_CHANGE_PROHIBITED': mandatory('6g1vku0mw1b12o9jhuouxj8ia'),
    'AWS-GR_LOG_GROUP_POLICY': mandatory('8cclsjiy1o81kfsmzpt85nbjk'),
    'AWS-GR_SNS_CHANGE_PROHIBITED': mandatory('8axz4m7a5i0p6djlcszljt4v1'),
    'AWS-GR_SNS_SUBSCRIPTION_CHANGE_PROHIBITED': mandatory('4nsca5yf5oz41tr6r6bs5mmte'),
    'AWS-GR_DISALLOW_VPC_INTERNET_ACCESS': elective('41ngl8m5c4eb1myoz0t707n7h'),
    'AWS-GR_DISALLOW_VPN_CONNECTIONS': elective('5rlqt6yj6u0v0gb62pqdy4ae'),
    'AWS-GR_MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS': elective('1fvktjhpo9wdpt3pjb2wsz7nt'),
    'AWS-GR_RESTRICTED_COMMON_PORTS': elective('df2ta5ytg2zatj1q7y5e09u32'),
    'AWS-GR_RESTRICTED_SSH': elective('6rilu41n0gb9w6mxrkyewoer4'),
    'AWS-GR_RESTRICT_ROOT_USER': { id: '5kvme4m5d2b4d7if2fs5yg2ui', takes: ['ExemptAssumeRoot'] },
    'AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS': elective('8ui9y3oace2513xarz8aqojl7'),
    'AWS-GR_RESTRICT_S3_DELETE_WITHOUT_MFA': elective('69wj8mo0sfw7gbz9lklsu9u51'),
    'AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED': elective('8sw3pbid15t9cbww8d2w2qwgf'),
    'AWS-GR_S3_BUCKET_PUBLIC_WRITE_PROHIBITED': elective('9j9nwxj789d82sypnukhyyowy'),
    'CT.EC2.PV.1': scp('97hes2glndlye96adkdcdeef4'),
    'CT.EC2.PV.2': scp('dkjyeuczqj3rnyhn9116p16pw'),
    'CT.EC2.PV.3': scp('chlzfpsllhs3knp1ixr773wa6'),
    'CT.EC2.PV.7': elective('ek6wc2bmgzmho1kk6bn236mqt'),
    'CT.EC2.PV.8': elective('acfp8qjz7eggnursu5pfw7q2w'),
    'CT.EC2.PV.9': elective('4omjmqewmrxe3m827ttnlkft0'),
    'CT.EC2.PV.11': elective('clmlaa2in1wkntwekh7uw2jyx'),
    'CT.KMS.PV.1': scp('8tq2qsio9o9nliasf359rvnso'),
    'CT.KMS.PV.3': scp('beyhbq47poryf052dlel7oig5'),
    'CT.KMS.PV.7': rcp('eolw7feyvr8b4l2lfhp3bneou'),
    'CT.LAMBDA.PV.1': scp('3qpnxfs5vtzd2v2ql2f2mu7tq'),
    'CT.LAMBDA.PV.2': scp('aksh80tizisat4i4ou8qg1hdy'),
    'CT.MULTISERVICE.PV.1': {
      id: 'ka8e3pkqefnjsxuyc26ji580',
      takes: ['AllowedRegions', 'ExemptedActions', 'ExemptedPrincipalArns'],
      needs: ['AllowedRegions'],
    },
    'CT.S3.PV.4': rcp('7oo9e9bcs8ilm6ekoxu322yb3'),
    'CT.S3.PV.5': rcp('7mo7a2h2ebsq71l8k6uzr96ou'),
    'CT.SECRETSMANAGER.PV.1': rcp('dvhe47fxg5o6lryqrq9g6sxg4'),
    'CT.SQS.PV.1': rcp('54ih5t4iifupgyf22zo3kw45m'),
    'CT.STS.PV.1': rcp('aqnqv7jjgi2dtl6r1v12xglio'),
  },
};
