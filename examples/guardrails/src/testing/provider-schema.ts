/** Arguments of a resource: those it needs, those it takes as well, and blocks with arguments of their own. */
export interface ResourceSchema {
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  readonly blocks?: Readonly<Record<string, ResourceSchema>>;
}

const parameters: ResourceSchema = { needs: ['key', 'value'], takes: [] };

/**
 * The arguments of the resources that are written here, from the documentation of hashicorp/aws 6.66.0 (2026-11). The provider
 * itself is in no registry of npm, and its typed schema (`@cdktn/provider-aws`) takes 479 MB on the disk for these fourteen.
 */
export const providerSchema: Readonly<Record<string, ResourceSchema>> = {
  aws_accessanalyzer_analyzer: { needs: ['analyzer_name'], takes: ['type', 'tags', 'region'] },
  aws_account_alternate_contact: {
    needs: ['alternate_contact_type', 'email_address', 'name', 'phone_number', 'title'],
    takes: ['account_id'],
  },
  aws_budgets_budget: {
    needs: ['budget_type', 'time_unit'],
    takes: ['account_id', 'limit_amount', 'limit_unit', 'name', 'name_prefix', 'tags'],
    blocks: {
      notification: {
        needs: ['comparison_operator', 'notification_type', 'threshold', 'threshold_type'],
        takes: ['subscriber_email_addresses', 'subscriber_sns_topic_arns'],
      },
    },
  },
  aws_config_configuration_recorder: {
    needs: ['role_arn'],
    takes: ['name', 'region'],
    blocks: {
      recording_group: { needs: [], takes: ['all_supported', 'include_global_resource_types', 'resource_types'] },
    },
  },
  aws_config_configuration_recorder_status: { needs: ['is_enabled', 'name'], takes: ['region'] },
  aws_config_delivery_channel: {
    needs: ['s3_bucket_name'],
    takes: ['name', 's3_key_prefix', 's3_kms_key_arn', 'sns_topic_arn'],
  },
  aws_controltower_baseline: {
    needs: ['baseline_identifier', 'baseline_version', 'target_identifier'],
    takes: ['tags', 'region'],
    blocks: { parameters },
  },
  aws_controltower_control: {
    needs: ['control_identifier', 'target_identifier'],
    takes: ['region'],
    blocks: { parameters },
  },
  aws_ebs_encryption_by_default: { needs: [], takes: ['enabled', 'region'] },
  aws_guardduty_detector: { needs: [], takes: ['enable', 'finding_publishing_frequency', 'tags', 'region'] },
  aws_iam_account_password_policy: {
    needs: [],
    takes: [
      'allow_users_to_change_password',
      'hard_expiry',
      'max_password_age',
      'minimum_password_length',
      'password_reuse_prevention',
      'require_lowercase_characters',
      'require_numbers',
      'require_symbols',
      'require_uppercase_characters',
    ],
  },
  aws_organizations_policy: { needs: ['content', 'name'], takes: ['description', 'skip_destroy', 'tags', 'type'] },
  aws_organizations_policy_attachment: { needs: ['policy_id', 'target_id'], takes: ['skip_destroy'] },
  aws_s3_account_public_access_block: {
    needs: [],
    takes: ['account_id', 'block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'],
  },
};

/** What every resource takes. */
const meta: readonly string[] = ['count', 'depends_on', 'for_each', 'lifecycle', 'provider'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const argumentFaults = (
  at: string,
  given: unknown,
  { needs, takes, blocks = {} }: ResourceSchema,
): readonly string[] => {
  if (!isObject(given)) return [`${at} is no block`];
  const known = [...needs, ...takes, ...meta, ...Object.keys(blocks)];
  return [
    ...needs.filter((name) => given[name] === undefined).map((name) => `${at} lacks ${name}`),
    ...Object.keys(given)
      .filter((name) => !known.includes(name))
      .map((name) => `${at} takes no ${name}`),
    ...Object.entries(blocks).flatMap(([name, schema]) => {
      const found = given[name];
      const list: readonly unknown[] = found === undefined ? [] : Array.isArray(found) ? found : [found];
      return list.flatMap((one, index) => argumentFaults(`${at}.${name}[${index}]`, one, schema));
    }),
  ];
};

/** What the provider would refuse in a configuration. */
export const providerFaults = (configuration: unknown): readonly string[] => {
  if (!isObject(configuration) || !isObject(configuration.resource)) return ['there is no resource'];
  return Object.entries(configuration.resource).flatMap(([type, byName]) => {
    const schema = providerSchema[type];
    if (schema === undefined) return [`${type} is no resource that is known here`];
    if (!isObject(byName)) return [`${type} holds no resources`];
    return Object.entries(byName).flatMap(([name, given]) => [
      ...(/^[A-Za-z_][\w-]*$/.test(name) ? [] : [`${type}.${name} is no name`]),
      ...argumentFaults(`${type}.${name}`, given, schema),
    ]);
  });
};
