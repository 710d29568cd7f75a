import type { CloudFormationResource } from '../../outputs/cloudformation.ts';

/** A resource of Terraform's AWS provider. */
export interface TerraformResource {
  readonly type: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The call of AWS's API that makes a setting so. */
export interface SettingCall {
  /** The permission that it needs. */
  readonly action: string;
  /** Service of the SDK and operation, `S3Control.PutPublicAccessBlock`. */
  readonly operation: string;
  /** Its input, less the id of the account. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** A setting of an account, as account vending makes it. Plain data. */
export interface AccountSetting {
  /** `s3BlockPublicAccess`. */
  readonly id: string;
  /** Whether it is set once in an account, or in each of its Regions. */
  readonly per: 'account' | 'region';
  readonly calls: readonly SettingCall[];
  /** By logical id; absent where CloudFormation has no resource for it. */
  readonly cloudFormation?: Readonly<Record<string, CloudFormationResource>>;
  /** By the resource's name; every setting has one. */
  readonly terraform: Readonly<Record<string, TerraformResource>>;
  /** Who else may set it, so that it is left out here. */
  readonly elsewhere?: string;
}
