import * as z from 'zod/mini';
import { camelFields, listOf, maybe, shown, textsOf } from '../fields.ts';

const anyText = z.string({ error: 'a string' });

type Shown<Value> = Value | null | undefined;

/** One of the resources of a Security Hub finding, as far as it can be read. */
export interface Resource {
  readonly Type?: Shown<string>;
  readonly Id?: Shown<string>;
  readonly Details?: Shown<{
    readonly AwsEc2Instance?: Shown<{
      readonly VpcId?: Shown<string>;
      readonly SubnetId?: Shown<string>;
      readonly IpV6Addresses?: Shown<readonly string[]>;
      readonly NetworkInterfaces?: Shown<readonly { readonly NetworkInterfaceId?: Shown<string> }[]>;
    }>;
    readonly AwsIamAccessKey?: Shown<{
      readonly PrincipalId?: Shown<string>;
      readonly PrincipalName?: Shown<string>;
      readonly PrincipalType?: Shown<string>;
    }>;
  }>;
}

/** One of the resources of a Security Hub finding; details are absent where they cannot be read. */
export const resourceSchema: z.core.$ZodType<Resource> = camelFields({
  Type: maybe(anyText),
  Id: maybe(anyText),
  Details: shown(
    camelFields({
      AwsEc2Instance: shown(
        camelFields({
          VpcId: shown(anyText),
          SubnetId: shown(anyText),
          IpV6Addresses: shown(textsOf(anyText)),
          NetworkInterfaces: shown(listOf(camelFields({ NetworkInterfaceId: maybe(anyText) }))),
        }),
      ),
      AwsIamAccessKey: shown(
        camelFields({ PrincipalId: shown(anyText), PrincipalName: shown(anyText), PrincipalType: shown(anyText) }),
      ),
    }),
  ),
});

/** ASFF's names of what GuardDuty names in `resource.resourceType`. Source: resource types of both API models. */
const resourceTypes: ReadonlyMap<string, string> = new Map([
  ['AwsEc2Instance', 'Instance'],
  ['AwsIamAccessKey', 'AccessKey'],
  ['AwsS3Bucket', 'S3Bucket'],
  ['AwsEksCluster', 'EKSCluster'],
  ['AwsEcsCluster', 'ECSCluster'],
  ['AwsRdsDbInstance', 'RDSDBInstance'],
  ['AwsLambdaFunction', 'Lambda'],
  ['Container', 'Container'],
]);

/** The id of an EC2 instance out of its ARN, or as it stands. */
export const instanceIdOf = (id: string | null | undefined): string | undefined =>
  /(?:^|:instance\/)(i-[\w-]{1,64})$/.exec(id ?? '')?.[1];

const interfacesOf = (resource: Resource | undefined): Record<string, unknown>[] => {
  const details = resource?.Details?.AwsEc2Instance;
  const ids = (details?.NetworkInterfaces ?? []).flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []);
  if (ids.length !== 1) return ids.map((networkInterfaceId) => ({ networkInterfaceId }));
  return [
    {
      networkInterfaceId: ids[0],
      subnetId: details?.SubnetId,
      vpcId: details?.VpcId,
      ipv6Addresses: details?.IpV6Addresses,
    },
  ];
};

/** GuardDuty's `accessKeyDetails`; several principals: none is named. */
const accessKeyDetailsOf = (resources: readonly Resource[]): Record<string, unknown> | undefined => {
  const [key, ...others] = resources.flatMap(({ Details }) => Details?.AwsIamAccessKey ?? []);
  if (key === undefined || others.some(({ PrincipalId }) => PrincipalId !== key.PrincipalId)) return undefined;
  return { principalId: key.PrincipalId, userName: key.PrincipalName, userType: key.PrincipalType };
};

/**
 * GuardDuty's `resource` object. The subnet is that of the instance's first interface: it is only taken over where the
 * interface is the only one, else a deny might be looked for in one of several places. Several instances: none is named,
 * for which of them was attacked is not said. `IpV4Addresses` mixes public and private addresses and is not taken over.
 */
export const readResource = (resources: readonly Resource[]): Record<string, unknown> => {
  const instances = new Map<string, Resource>();
  for (const resource of resources) {
    const id = instanceIdOf(resource.Id);
    if (resource.Type === 'AwsEc2Instance' && id !== undefined) instances.set(id, resource);
  }
  const [instanceId] = instances.size === 1 ? [...instances.keys()] : [];
  return {
    resourceType: resourceTypes.get(resources[0]?.Type ?? ''),
    accessKeyDetails: accessKeyDetailsOf(resources),
    ...(instanceId === undefined
      ? {}
      : { instanceDetails: { instanceId, networkInterfaces: interfacesOf(instances.get(instanceId)) } }),
  };
};
