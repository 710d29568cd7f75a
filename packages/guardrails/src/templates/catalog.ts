import { type ControlTemplate, controlTemplates } from '../control-tower/enable-control.ts';
import { type DeclarativeTemplate, declarativeTemplates } from '../declarative/ec2.ts';
import { type DetectiveTemplate, detectiveTemplates } from '../detective/templates.ts';
import { identityPerimeterTemplates } from '../rcp/perimeter.ts';
import { transportTemplates } from '../rcp/transport.ts';
import { trustTemplates } from '../rcp/trust.ts';
import { accountSettingTemplates } from '../scp/account-settings.ts';
import { automationTemplates } from '../scp/automation.ts';
import { bedrockTemplates } from '../scp/bedrock.ts';
import { cloudTrailTemplates } from '../scp/cloudtrail.ts';
import { controlTagTemplates } from '../scp/control-tags.ts';
import { costTemplates } from '../scp/cost.ts';
import { encryptionTemplates } from '../scp/encryption.ts';
import { eventBusTemplates } from '../scp/event-buses.ts';
import { iamUserTemplates } from '../scp/iam-users.ts';
import { isolationTemplates } from '../scp/isolation.ts';
import { keyAndBackupTemplates } from '../scp/keys-and-backups.ts';
import { lambdaTemplates } from '../scp/lambda.ts';
import { logArchiveTemplates } from '../scp/log-archive.ts';
import { metadataTemplates } from '../scp/metadata.ts';
import { mfaTemplates } from '../scp/mfa.ts';
import { networkTemplates } from '../scp/network.ts';
import { organizationTemplates } from '../scp/organization.ts';
import { perimeterTemplates } from '../scp/perimeter.ts';
import { regionTemplates } from '../scp/regions.ts';
import { requiredTagTemplates } from '../scp/required-tags.ts';
import { roleTemplates } from '../scp/roles.ts';
import { rootTemplates } from '../scp/root.ts';
import { s3Templates } from '../scp/s3.ts';
import { securityServiceTemplates } from '../scp/security-services.ts';
import type { PolicyTemplate } from './catalog-entry.ts';

/** Every template of a service or resource control policy. */
export const policyTemplates: readonly PolicyTemplate[] = [
  ...organizationTemplates,
  ...cloudTrailTemplates,
  ...securityServiceTemplates,
  ...rootTemplates,
  ...regionTemplates,
  ...roleTemplates,
  ...automationTemplates,
  ...logArchiveTemplates,
  ...controlTagTemplates,
  ...iamUserTemplates,
  ...metadataTemplates,
  ...encryptionTemplates,
  ...lambdaTemplates,
  ...s3Templates,
  ...networkTemplates,
  ...eventBusTemplates,
  ...keyAndBackupTemplates,
  ...accountSettingTemplates,
  ...mfaTemplates,
  ...perimeterTemplates,
  ...isolationTemplates,
  ...costTemplates,
  ...bedrockTemplates,
  ...requiredTagTemplates,
  ...identityPerimeterTemplates,
  ...transportTemplates,
  ...trustTemplates,
];

/** A template of any kind. `type` says what it builds. */
export type CatalogEntry = PolicyTemplate | DeclarativeTemplate | DetectiveTemplate | ControlTemplate;

/**
 * Every guardrail of this package: its name, its family, what it is for, what it breaks, how it is bypassed, how it is rolled
 * out, and which controls of the AWS Control Catalog have the same intent.
 * @example
 * ```ts
 * import { guardrailCatalog } from '@remedykit/guardrails';
 * for (const { name, intent } of guardrailCatalog) console.log(name, intent);
 * ```
 */
export const guardrailCatalog: readonly CatalogEntry[] = [
  ...policyTemplates,
  ...declarativeTemplates,
  ...detectiveTemplates,
  ...controlTemplates,
];
