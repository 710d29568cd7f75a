import { type AwsError, awsError } from '../aws-error.ts';

/** The errors of EC2 that the fake raises, with AWS's codes and messages. */
export const entryAlreadyExists = (ruleNumber: number): AwsError =>
  awsError('NetworkAclEntryAlreadyExists', `The network acl entry identified by ${ruleNumber} already exists.`);

export const entryLimitExceeded = (): AwsError =>
  awsError('NetworkAclEntryLimitExceeded', 'The maximum number of network acl entries has been reached.');

export const entryNotFound = (ruleNumber: number): AwsError =>
  awsError('InvalidNetworkAclEntry.NotFound', `The network acl entry identified by ${ruleNumber} does not exist.`);

export const networkAclNotFound = (id: string): AwsError =>
  awsError('InvalidNetworkAclID.NotFound', `The networkAcl ID '${id}' does not exist`);

export const subnetNotFound = (id: string): AwsError =>
  awsError('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);

export const vpcNotFound = (id: string): AwsError =>
  awsError('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);

export const networkInterfaceNotFound = (id: string): AwsError =>
  awsError('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);

export const allocationNotFound = (id: string): AwsError =>
  awsError('InvalidAllocationID.NotFound', `The allocation ID '${id}' does not exist`);

export const addressNotFound = (ip: string): AwsError =>
  awsError('InvalidAddress.NotFound', `Address '${ip}' not found.`);

export const securityGroupRuleNotFound = (id: string): AwsError =>
  awsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);

export const prefixListNotFound = (id: string): AwsError =>
  awsError('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);

export const customerGatewayNotFound = (id: string): AwsError =>
  awsError('InvalidCustomerGatewayID.NotFound', `The customerGateway ID '${id}' does not exist`);

export const resourceDiscoveryNotFound = (id: string): AwsError =>
  awsError('InvalidIpamResourceDiscoveryId.NotFound', `The IPAM resource discovery ID '${id}' does not exist`);

export const missingParameter = (name: string): AwsError =>
  awsError('MissingParameter', `The request must contain the parameter ${name}`);

export const invalidParameterValue = (name: string, value: unknown, why: string): AwsError =>
  awsError('InvalidParameterValue', `Value (${String(value)}) for parameter ${name} is invalid. ${why}`);

export const invalidCombination = (why: string): AwsError => awsError('InvalidParameterCombination', why);

export const dryRunSucceeded = (): AwsError =>
  awsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');

export const throttled = (): AwsError => awsError('RequestLimitExceeded', 'Request limit exceeded.');
