import { fakeWorld } from './fake-world.ts';

/** Which part of our side a test may say of a finding about an instance. */
export interface InstanceOptions {
  readonly vpcId?: string;
  readonly subnetId?: string;
  /** False: the instance is gone and the finding has no instance details. */
  readonly instanceId?: string | false;
  readonly networkInterfaceId?: string;
}

/** Where a resource is. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

/** The `resource` of a finding. */
export type ResourceDocument = Readonly<Record<string, unknown>>;

/** When everything that findings name was made. */
const madeAt = '2026-10-01T08:00:00.000Z';

const tags = [{ key: 'Name', value: 'web-1' }];

const privateDnsName = (region: string): string =>
  `ip-${fakeWorld.privateIp.replaceAll('.', '-')}.${region}.compute.internal`;

const instanceDetails = (options: InstanceOptions, { accountId, region, partition }: Place) => ({
  instanceId: options.instanceId || fakeWorld.instanceId,
  instanceType: 't3.small',
  instanceState: 'running',
  launchTime: madeAt,
  availabilityZone: `${region}a`,
  imageId: 'ami-0a11ce00000000001',
  imageDescription: 'web server',
  platform: null,
  productCodes: [],
  iamInstanceProfile: {
    arn: `arn:${partition}:iam::${accountId}:instance-profile/web`,
    id: 'AIPAEXAMPLE0000000001',
  },
  networkInterfaces: [
    {
      networkInterfaceId: options.networkInterfaceId ?? fakeWorld.networkInterfaceId,
      subnetId: options.subnetId ?? fakeWorld.subnetId,
      vpcId: options.vpcId ?? fakeWorld.vpcId,
      privateDnsName: privateDnsName(region),
      privateIpAddress: fakeWorld.privateIp,
      privateIpAddresses: [{ privateDnsName: privateDnsName(region), privateIpAddress: fakeWorld.privateIp }],
      publicDnsName: `ec2-${fakeWorld.publicIp.replaceAll('.', '-')}.${region}.compute.amazonaws.com`,
      publicIp: fakeWorld.publicIp,
      ipv6Addresses: [],
      securityGroups: [{ groupId: 'sg-0a11ce00000000001', groupName: 'web' }],
    },
  ],
  tags,
});

/** An EC2 instance, the fake EC2's by default. */
export const instanceResource = (options: InstanceOptions, place: Place): ResourceDocument => ({
  resourceType: 'Instance',
  ...(options.instanceId === false ? {} : { instanceDetails: instanceDetails(options, place) }),
});

/** An instance whose volumes were scanned for malware. */
export const scannedInstanceResource = (options: InstanceOptions, place: Place): ResourceDocument => ({
  ...instanceResource(options, place),
  ebsVolumeDetails: {
    scannedVolumeDetails: [
      {
        volumeArn: volumeArn(place),
        volumeType: 'gp3',
        deviceName: '/dev/xvda',
        volumeSizeInGB: 8,
        encryptionType: 'UNENCRYPTED',
        snapshotArn: `arn:${place.partition}:ec2:${place.region}:${place.accountId}:snapshot/snap-0a11ce00000000001`,
        kmsKeyArn: null,
      },
    ],
    skippedVolumeDetails: null,
  },
});

/** The volume that `scannedInstanceResource` names. */
export const volumeArn = ({ partition, region, accountId }: Place): string =>
  `arn:${partition}:ec2:${region}:${accountId}:volume/vol-0a11ce00000000001`;

const accessKeyDetails = {
  accessKeyId: 'AKIAEXAMPLE000000001',
  principalId: 'AIDAEXAMPLE0000000001',
  userType: 'IAMUser',
  userName: 'alice',
};

/** An access key of an IAM user. */
export const accessKeyResource: ResourceDocument = { resourceType: 'AccessKey', accessKeyDetails };

/** A bucket, and the access key that it was reached with. */
export const bucketResource = ({ partition, accountId }: Place): ResourceDocument => ({
  resourceType: 'S3Bucket',
  accessKeyDetails,
  s3BucketDetails: [
    {
      arn: `arn:${partition}:s3:::example-records-${accountId}`,
      name: `example-records-${accountId}`,
      type: 'Destination',
      createdAt: Date.parse(madeAt) / 1000,
      owner: { id: 'CanonicalId of the owner' },
      tags,
      defaultServerSideEncryption: { encryptionType: 'SSEAlgorithm', kmsMasterKeyArn: null },
      publicAccess: { effectivePermission: 'NOT_PUBLIC' },
    },
  ],
});

/** A cluster, and the user that its API was called as. */
export const clusterResource = ({ partition, accountId, region }: Place): ResourceDocument => ({
  resourceType: 'EKSCluster',
  eksClusterDetails: {
    name: 'web',
    arn: `arn:${partition}:eks:${region}:${accountId}:cluster/web`,
    createdAt: Date.parse(madeAt) / 1000,
    vpcId: fakeWorld.vpcId,
    status: 'ACTIVE',
    tags,
  },
  kubernetesDetails: {
    kubernetesWorkloadDetails: null,
    kubernetesUserDetails: { username: 'system:anonymous', uid: '', groups: ['system:unauthenticated'] },
  },
});

/** A database, and the user that somebody logged in as. */
export const databaseResource = ({ partition, accountId, region }: Place): ResourceDocument => ({
  resourceType: 'RDSDBInstance',
  rdsDbInstanceDetails: {
    dbInstanceIdentifier: 'orders-1',
    engine: 'Aurora PostgreSQL',
    engineVersion: '16.4',
    dbClusterIdentifier: 'orders',
    dbInstanceArn: `arn:${partition}:rds:${region}:${accountId}:db:orders-1`,
    tags,
  },
  rdsDbUserDetails: { user: 'admin', application: 'psql', database: 'orders', ssl: 'TLSv1.3', authMethod: 'Password' },
});

/** A function in a VPC. */
export const functionResource = ({ partition, accountId, region }: Place): ResourceDocument => ({
  resourceType: 'Lambda',
  lambdaDetails: {
    functionArn: `arn:${partition}:lambda:${region}:${accountId}:function:orders`,
    functionName: 'orders',
    description: 'takes orders',
    lastModifiedAt: Date.parse(madeAt) / 1000,
    revisionId: '0a11ce00-0000-4000-8000-000000000001',
    functionVersion: '$LATEST',
    role: `arn:${partition}:iam::${accountId}:role/orders`,
    vpcConfig: {
      vpcId: fakeWorld.vpcId,
      securityGroups: [{ groupId: 'sg-0a11ce00000000001', groupName: 'web' }],
      subnetIds: [fakeWorld.subnetId],
    },
    tags,
  },
});
