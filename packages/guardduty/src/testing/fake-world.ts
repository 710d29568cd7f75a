/**
 * What a new fake EC2 holds and what the finding builders name: one VPC with one subnet, its network ACL, and one
 * running instance with one interface.
 */
export const fakeWorld = {
  accountId: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  detectorId: '12abc34d567e8fa901bc2d34e56789f0',
  vpcId: 'vpc-0a11ce00000000001',
  vpcCidr: '10.0.0.0/16',
  subnetId: 'subnet-0a11ce00000000001',
  subnetCidr: '10.0.1.0/24',
  networkAclId: 'acl-0a11ce00000000001',
  instanceId: 'i-0a11ce00000000001',
  networkInterfaceId: 'eni-0a11ce00000000001',
  privateIp: '10.0.1.10',
  publicIp: '192.0.2.200',
} as const;

/** A function that gives ids of AWS's form, `acl-0fa4e000000000001`, in the order in which they are asked for. */
export const createIdSequence = (): ((prefix: string) => string) => {
  let issued = 0;
  return (prefix) => {
    issued += 1;
    return `${prefix}-0fa4e${issued.toString(16).padStart(12, '0')}`;
  };
};
