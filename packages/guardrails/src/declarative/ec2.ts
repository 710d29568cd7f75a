import { stagedRollout, straightRollout, type TemplateDocs } from '../templates/catalog-entry.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { atLeastOne } from '../templates/names.ts';
import { literal } from '../templates/placeholder.ts';
import { type SchemaCase, schemaCases, type WrongValue } from '../templates/schema-guardrail.ts';
import { type DeclarativeDocument, validateEc2Policy } from './schema.ts';

/** A declarative policy, with the schema cases that prove it. Plain data. */
export interface DeclarativeGuardrail {
  readonly id: string;
  readonly type: 'DECLARATIVE_POLICY_EC2';
  readonly document: DeclarativeDocument;
  readonly cases: readonly SchemaCase[];
}

/** What every declarative template takes. */
export interface DeclarativeParameters {
  /** Shown to whoever is refused: where to ask. */
  readonly exceptionMessage?: string;
}

type Attribute = readonly [path: string, value: string | readonly string[]];

const put = (
  tree: Readonly<Record<string, unknown>>,
  [key = '', ...rest]: readonly string[],
  leaf: object,
): Record<string, unknown> => {
  const branch = tree[key];
  const fields = typeof branch === 'object' && branch !== null ? { ...branch } : {};
  return { ...tree, [key]: rest.length === 0 ? leaf : put(fields, rest, leaf) };
};

const build = (
  id: string,
  { exceptionMessage }: DeclarativeParameters,
  { values, wrong }: { readonly values: readonly Attribute[]; readonly wrong: readonly WrongValue[] },
): DeclarativeGuardrail => {
  const all: readonly Attribute[] = [
    ...values,
    ...(exceptionMessage === undefined ? [] : [['exception_message', literal(id, exceptionMessage)] as const]),
  ];
  const document: DeclarativeDocument = {
    ec2_attributes: all.reduce<Readonly<Record<string, unknown>>>(
      (tree, [path, value]) => put(tree, path.split('.'), { '@@assign': value }),
      {},
    ),
  };
  const faults = validateEc2Policy(document);
  if (faults.length > 0) throw invalidParameter(id, `${faults.join('; ')}.`);
  const cases = schemaCases(
    document,
    wrong.map(({ path, value }) => ({ path: ['ec2_attributes', ...path], value })),
  );
  return { id, type: 'DECLARATIVE_POLICY_EC2', document, cases };
};

const wrongAt = (path: string, value: unknown): WrongValue => ({ path: [...path.split('.'), '@@assign'], value });

/** What `blockPublicSnapshots` takes. */
export interface SnapshotParameters extends DeclarativeParameters {
  /** `block_all_sharing` takes back what is public already; the default. */
  readonly state?: 'block_all_sharing' | 'block_new_sharing';
}

/**
 * No EBS snapshot is public.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const blockPublicSnapshots = (parameters: SnapshotParameters = {}): DeclarativeGuardrail =>
  build('blockPublicSnapshots', parameters, {
    values: [['snapshot_block_public_access.state', parameters.state ?? 'block_all_sharing']],
    wrong: [wrongAt('snapshot_block_public_access.state', 'block-all-sharing')],
  });

/** What `vpcBlockPublicAccess` takes. */
export interface VpcBlockPublicAccessParameters extends DeclarativeParameters {
  /** `block_bidirectional` by default. */
  readonly mode?: 'block_ingress' | 'block_bidirectional';
  /** Whether accounts may exclude single VPCs and subnets. Default: false. */
  readonly exclusionsAllowed?: boolean;
}

/** No traffic between VPCs and the internet through internet gateways. */
export const vpcBlockPublicAccess = (parameters: VpcBlockPublicAccessParameters = {}): DeclarativeGuardrail => {
  const block = 'vpc_block_public_access.internet_gateway_block';
  const { mode = 'block_bidirectional', exclusionsAllowed = false } = parameters;
  return build('vpcBlockPublicAccess', parameters, {
    values: [
      [`${block}.mode`, mode],
      [`${block}.exclusions_allowed`, exclusionsAllowed ? 'enabled' : 'disabled'],
    ],
    wrong: [wrongAt(`${block}.mode`, 'block'), wrongAt(`${block}.exclusions_allowed`, true)],
  });
};

/** No access to the serial console of instances. */
export const serialConsole = (parameters: DeclarativeParameters = {}): DeclarativeGuardrail =>
  build('serialConsole', parameters, {
    values: [['serial_console_access.status', 'disabled']],
    wrong: [wrongAt('serial_console_access.status', 'off')],
  });

/** No image is newly made public. */
export const blockPublicAmis = (parameters: DeclarativeParameters = {}): DeclarativeGuardrail =>
  build('blockPublicAmis', parameters, {
    values: [['image_block_public_access.state', 'block_new_sharing']],
    wrong: [wrongAt('image_block_public_access.state', 'block_all_sharing')],
  });

/** What `imdsDefaults` takes. */
export interface ImdsDefaultsParameters extends DeclarativeParameters {
  /** 1 to 64; 2 by default. */
  readonly hopLimit?: number;
}

/** New instances answer metadata requests with a session token alone, unless the launch says otherwise: see requireImdsv2. */
export const imdsDefaults = (parameters: ImdsDefaultsParameters = {}): DeclarativeGuardrail => {
  const { hopLimit = 2 } = parameters;
  if (hopLimit < 1) throw invalidParameter('imdsDefaults', `hopLimit must be from 1 to 64, it is ${hopLimit}.`);
  return build('imdsDefaults', parameters, {
    values: [
      ['instance_metadata_defaults.http_tokens', 'required'],
      ['instance_metadata_defaults.http_put_response_hop_limit', `${hopLimit}`],
      ['instance_metadata_defaults.http_endpoint', 'enabled'],
    ],
    wrong: [
      wrongAt('instance_metadata_defaults.http_tokens', 'v2'),
      wrongAt('instance_metadata_defaults.http_put_response_hop_limit', '65'),
      wrongAt('instance_metadata_defaults.http_endpoint', 'on'),
    ],
  });
};

/** What `allowedAmis` takes. */
export interface AllowedAmisParameters extends DeclarativeParameters {
  /** Account ids, or `amazon`, `aws_marketplace`, `aws_backup_vault`. */
  readonly imageProviders: readonly string[];
  /** `audit_mode` only marks what would be refused. Default: `enabled`. */
  readonly state?: 'enabled' | 'audit_mode';
}

/** Instances start from images of these providers alone. */
export const allowedAmis = (parameters: AllowedAmisParameters): DeclarativeGuardrail => {
  const id = 'allowedAmis';
  const providers = 'allowed_images_settings.image_criteria.criteria_1.allowed_image_providers';
  return build(id, parameters, {
    values: [
      ['allowed_images_settings.state', parameters.state ?? 'enabled'],
      [providers, atLeastOne(id, 'imageProviders', parameters.imageProviders).map((name) => literal(id, name))],
    ],
    wrong: [wrongAt('allowed_images_settings.state', 'audit-mode'), wrongAt(providers, ['aws-marketplace'])],
  });
};

/** A template of a declarative policy. */
export interface DeclarativeTemplate extends TemplateDocs {
  readonly type: 'DECLARATIVE_POLICY_EC2';
  readonly example: () => DeclarativeGuardrail;
}

const entry = (
  name: string,
  example: () => DeclarativeGuardrail,
  words: Pick<TemplateDocs, 'intent' | 'breaks' | 'bypasses'> & Partial<TemplateDocs>,
): DeclarativeTemplate => ({
  name,
  family: 'declarative-ec2',
  type: 'DECLARATIVE_POLICY_EC2',
  rollout: straightRollout,
  controls: [],
  ...words,
  example,
});

/** Words on the templates of this file. */
export const declarativeTemplates: readonly DeclarativeTemplate[] = [
  entry('blockPublicSnapshots', () => blockPublicSnapshots(), {
    intent: 'A copy of a disk is not everybody’s.',
    breaks: 'Snapshots that are published on purpose.',
    bypasses: 'Sharing with single accounts: externalSharing.',
    controls: [{ name: 'CT.EC2.PV.7', id: 'ek6wc2bmgzmho1kk6bn236mqt' }],
  }),
  entry('vpcBlockPublicAccess', () => vpcBlockPublicAccess(), {
    intent: 'No VPC is reachable from the internet, whatever its routes say. Also the brake in an emergency.',
    breaks: 'Everything that serves the internet from a VPC: exclude those subnets first.',
    bypasses: 'Other ways out: transit gateways, VPN, peerings (denyVpcInternetAccess, denyVpn).',
    rollout: stagedRollout,
    controls: [{ name: 'CT.EC2.PV.8', id: 'acfp8qjz7eggnursu5pfw7q2w' }],
  }),
  entry('serialConsole', () => serialConsole(), {
    intent: 'No way into an instance past its network.',
    breaks: 'Repairing an instance that does not boot.',
    bypasses: 'Mounting its volume elsewhere.',
    controls: [{ name: 'CT.EC2.PV.9', id: '4omjmqewmrxe3m827ttnlkft0' }],
  }),
  entry('blockPublicAmis', () => blockPublicAmis(), {
    intent: 'An image with secrets in it is not everybody’s.',
    breaks: 'Publishing images: do it from an account of its own.',
    bypasses: 'Images that are public already; sharing with single accounts: externalSharing.',
    controls: [{ name: 'CT.EC2.PV.11', id: 'clmlaa2in1wkntwekh7uw2jyx' }],
  }),
  entry('imdsDefaults', () => imdsDefaults(), {
    intent: 'Instances ask for a session token from the start, without anybody thinking of it.',
    breaks: 'Old software on new instances.',
    bypasses: 'It is a default: a launch can say otherwise. Attach requireImdsv2.',
  }),
  entry('allowedAmis', () => allowedAmis({ imageProviders: ['amazon', '111122223333'] }), {
    intent: 'Nobody starts an instance from an image that a stranger named cleverly.',
    breaks: 'Images of vendors: list their accounts.',
    bypasses: 'Software that is installed afterwards.',
    rollout: 'Start with state audit_mode and look at what it marks; then enabled.',
  }),
];
