import { caseAccount, caseRegion } from './glob.ts';

/** Services whose ARNs name no Region. */
const global = new Set(['account', 'iam', 'organizations']);

/** The ARN of something in the account and Region of cases: `caseArn('aws', 'ec2', 'instance/i-0123456789abcdef0')`. */
export const caseArn = (partition: string, service: string, resource: string): string =>
  service === 's3'
    ? `arn:${partition}:s3:::${resource}`
    : `arn:${partition}:${service}:${global.has(service) ? '' : caseRegion(partition)}:${caseAccount}:${resource}`;
