import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSubnetCommand, CreateVpcCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { createMemoryStore, RemediationError } from '@remedykit/core';
import { createDynamoDbStore } from '@remedykit/core/dynamodb';
import { fakeWorld } from '@remedykit/guardduty/testing';
import { type Counts, countRequests } from './count-calls.ts';
import { createTable } from './local-dynamodb.ts';
import type { Scene, Stage } from './stage.ts';

const refused = (message: string): RemediationError => new RemediationError({ code: 'DEMO_ENDPOINT', message });

const configOf = (endpoint: string, env: NodeJS.ProcessEnv) => {
  if (!URL.canParse(endpoint)) throw refused('AWS_ENDPOINT_URL is no URL.');
  if (/(^|\.)(amazonaws\.com(\.cn)?|aws)$/.test(new URL(endpoint).hostname)) {
    throw refused('AWS_ENDPOINT_URL is AWS itself. The demo makes a VPC and attacks it: point it to an emulator.');
  }
  const dummies = { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return {
    endpoint,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || 'eu-west-1',
    ...(env.AWS_ACCESS_KEY_ID ? {} : dummies),
  };
};

const given = <T>(value: T | undefined, what: string): T => {
  if (value !== undefined) return value;
  throw refused(`The endpoint gave no ${what}.`);
};

/** One instance in a subnet of a VPC, made through the API; ids and account are those that the endpoint gives. */
const makeScene = async (ec2: EC2Client, region: string): Promise<Scene> => {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: fakeWorld.vpcCidr }));
  const vpcId = given(Vpc?.VpcId, 'VPC');
  const created = await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: fakeWorld.subnetCidr }));
  const subnetId = given(created.Subnet?.SubnetId, 'subnet');
  const ran = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.small',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnetId,
      PrivateIpAddress: fakeWorld.privateIp,
    }),
  );
  const instance = ran.Instances?.[0];
  return {
    accountId: given(Vpc?.OwnerId ?? ran.OwnerId, 'account id'),
    region,
    vpcId,
    subnetId,
    instanceId: given(instance?.InstanceId, 'instance'),
    networkInterfaceId: given(instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId, 'network interface'),
  };
};

/**
 * The stage on an emulator of AWS: EC2 and DynamoDB over HTTP. What is made there stays there.
 * @throws RemediationError `DEMO_ENDPOINT`
 */
export const setEndpointStage = async (
  endpoint: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly stage: Stage; readonly scene: Scene }> => {
  const config = configOf(endpoint, env);
  const calls: Counts = {};
  const stageCalls: Counts = {};
  const ec2 = countRequests(new EC2Client(config), 'ec2', calls);
  const stageEc2 = countRequests(new EC2Client(config), 'ec2', stageCalls);
  const client = countRequests(new DynamoDBClient(config), 'dynamodb', calls);
  const stageClient = countRequests(new DynamoDBClient(config), 'dynamodb', stageCalls);
  const scene = await makeScene(stageEc2, config.region);
  // A table of its own, for the demo may run twice against one endpoint.
  const tableName = `remedykit-demo-${scene.vpcId}`;
  await createTable(stageClient, tableName);
  const stage: Stage = {
    title: `against ${new URL(endpoint).origin}: EC2 and DynamoDB there, all else embedded`,
    calls,
    stageCalls,
    ec2: () => ec2,
    stageEc2: () => stageEc2,
    store: createDynamoDbStore({ client, tableName }),
    yearStore: createMemoryStore(),
    stageStore: createDynamoDbStore({ client: stageClient, tableName }),
    close: async () => {
      for (const one of [ec2, stageEc2, client, stageClient]) one.destroy();
    },
  };
  return { stage, scene };
};
