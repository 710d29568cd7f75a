import { policyQuotas } from '../data/quotas.ts';

/** What `@@assign` or `@@append` puts at the end of a path. */
export type AttributeValue = string | readonly string[];

/** A declarative policy for EC2, as AWS Organizations takes it. */
export interface DeclarativeDocument {
  readonly ec2_attributes: { readonly [attribute: string]: unknown };
}

const oneOf =
  (...values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value);

const whole =
  (min: number, max: number) =>
  (value: string): boolean =>
    /^-?\d+$/.test(value) && Number(value) >= min && Number(value) <= max;

const provider = (value: string): boolean =>
  /^\d{12}$/.test(value) || oneOf('amazon', 'aws_marketplace', 'aws_backup_vault')(value);

/**
 * Paths of EC2 policies and what may stand there. Source: AWS Organizations user guide, EC2 policy syntax, read 2026-11-24.
 */
const attributes: Readonly<Record<string, (value: string) => boolean>> = {
  exception_message: (value) => value.trim() !== '',
  'vpc_block_public_access.internet_gateway_block.mode': oneOf('off', 'block_ingress', 'block_bidirectional'),
  'vpc_block_public_access.internet_gateway_block.exclusions_allowed': oneOf('enabled', 'disabled'),
  'serial_console_access.status': oneOf('enabled', 'disabled'),
  'image_block_public_access.state': oneOf('unblocked', 'block_new_sharing'),
  'snapshot_block_public_access.state': oneOf('unblocked', 'block_new_sharing', 'block_all_sharing'),
  'instance_metadata_defaults.http_tokens': oneOf('no_preference', 'required', 'optional'),
  'instance_metadata_defaults.http_put_response_hop_limit': whole(-1, 64),
  'instance_metadata_defaults.http_endpoint': oneOf('no_preference', 'enabled', 'disabled'),
  'instance_metadata_defaults.instance_metadata_tags': oneOf('no_preference', 'enabled', 'disabled'),
  'allowed_images_settings.state': oneOf('enabled', 'disabled', 'audit_mode'),
  'allowed_images_settings.image_criteria.criteria_#.allowed_image_providers': provider,
  'allowed_images_settings.image_criteria.criteria_#.image_names': (value) => /^[\w()[\] ./'@*?-]{1,128}$/.test(value),
  'allowed_images_settings.image_criteria.criteria_#.marketplace_product_codes': (value) =>
    /^[A-Za-z0-9]{1,25}$/.test(value),
  'allowed_images_settings.image_criteria.criteria_#.creation_date_condition.maximum_days_since_created': whole(
    0,
    2147483647,
  ),
  'allowed_images_settings.image_criteria.criteria_#.deprecation_time_condition.maximum_days_since_deprecated': whole(
    0,
    2147483647,
  ),
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const valueFaults = (path: string, value: unknown): readonly string[] => {
  const check = attributes[path.replace(/criteria_(?:[1-9]|10)\b/, 'criteria_#')];
  if (check === undefined) return [`${path} is no attribute of EC2 policies`];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list
    .filter((one) => typeof one !== 'string' || !check(one))
    .map((one) => `${path} cannot be ${JSON.stringify(one)}`);
};

const faultsAt = (path: string, node: unknown): readonly string[] => {
  if (!isObject(node)) return [`${path} must be an object with @@assign or further attributes`];
  if (Object.keys(node).length === 0) return [`${path} is empty`];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === '@@assign' || key === '@@append') return valueFaults(path, value);
    if (key === '@@operators_allowed_for_child_policies') return [];
    if (key.startsWith('@@')) return [`${path} has the operator ${key}, which is not known here`];
    return faultsAt(path === '' ? key : `${path}.${key}`, value);
  });
};

/** What is wrong with a declarative policy for EC2; nothing, when AWS Organizations would take it. */
export const validateEc2Policy = (document: unknown): readonly string[] => {
  if (!isObject(document) || !isObject(document.ec2_attributes) || Object.keys(document).length !== 1)
    return ['the document must hold ec2_attributes and nothing else'];
  const { length } = JSON.stringify(document);
  const { characters } = policyQuotas.data.DECLARATIVE_POLICY_EC2;
  return [
    ...faultsAt('', document.ec2_attributes),
    ...(length > characters ? [`the document has ${length} characters, ${characters} are allowed`] : []),
  ];
};
