import * as z from 'zod/mini';
import { instanceIdOf } from '../asff/resource.ts';
import { camelFields, listOf, maybe, shown } from '../fields.ts';

const anyText = z.string({ error: 'a string' });

type Shown<Value> = Value | null | undefined;

/** One of the resources of a finding in OCSF, as far as it can be read. */
export interface Resource {
  readonly type?: Shown<string>;
  readonly uid?: Shown<string>;
  readonly data?: Shown<{ readonly instance_id?: Shown<string> }>;
  readonly device?: Shown<{
    readonly ip?: Shown<string>;
    readonly network_interfaces?: Shown<readonly { readonly uid?: Shown<string>; readonly ip?: Shown<string> }[]>;
  }>;
}

/** One of the resources of a finding in OCSF; what cannot be read of the device is absent. */
export const resourceSchema: z.core.$ZodType<Resource> = camelFields({
  type: shown(anyText),
  uid: shown(anyText),
  data: shown(camelFields({ instance_id: shown(anyText) })),
  device: shown(
    camelFields({
      ip: shown(anyText),
      network_interfaces: shown(listOf(camelFields({ uid: maybe(anyText), ip: maybe(anyText) }))),
    }),
  ),
});

const instanceTypes: ReadonlySet<string> = new Set(['AWS::EC2::Instance', 'AwsEc2Instance']);

const instanceOf = ({ type, uid, data }: Resource): string | undefined =>
  instanceTypes.has(type ?? '') ? (instanceIdOf(uid) ?? instanceIdOf(data?.instance_id)) : undefined;

/** GuardDuty's `resource` object: the instance, if there is exactly one, with its interfaces by id. */
export const readResource = (resources: readonly Resource[]): Record<string, unknown> => {
  const found = resources.flatMap((resource) => {
    const instanceId = instanceOf(resource);
    return instanceId === undefined ? [] : [{ instanceId, resource }];
  });
  const [first] = found;
  if (first === undefined || found.some(({ instanceId }) => instanceId !== first.instanceId)) return {};
  const interfaces = first.resource.device?.network_interfaces ?? [];
  return {
    resourceType: 'Instance',
    instanceDetails: {
      instanceId: first.instanceId,
      networkInterfaces: interfaces.flatMap(({ uid }) => (uid ? [{ networkInterfaceId: uid }] : [])),
    },
  };
};

/** Addresses of the resources themselves, which are not remote. */
export const ownAddresses = (resources: readonly Resource[]): ReadonlySet<string> =>
  new Set(
    resources
      .flatMap(({ device }) => [device?.ip, ...(device?.network_interfaces ?? []).map(({ ip }) => ip)])
      .flatMap((ip) => ip ?? []),
  );
