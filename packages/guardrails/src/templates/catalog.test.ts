import { describe, expect, it } from 'vitest';
import { controlTemplates, validateEnabledControl } from '../control-tower/enable-control.ts';
import { controls } from '../data/controls.ts';
import { declarativeTemplates } from '../declarative/ec2.ts';
import { validateEc2Policy } from '../declarative/schema.ts';
import { validateConfigRule } from '../detective/config-rule.ts';
import { detectiveTemplates } from '../detective/templates.ts';
import * as guardrails from '../index.ts';
import { guardrailCatalog } from './catalog.ts';
import type { SchemaCase } from './schema-guardrail.ts';

const functions: Readonly<Record<string, unknown>> = guardrails;

/** Names of the 22 families of the union list, of the detective controls, and of what protects the automation itself. */
const names =
  'denyLeaveOrganization protectCloudTrail protectConfig protectGuardDuty protectSecurityHub protectMacie2 protectAccessAnalyzer protectInspector protectDetective denyRootUser denyRootAccessKeys restrictRegions denyIamUsers denyAccessKeys denyLoginProfiles denyServiceSpecificCredentials protectRoles protectAutomationResources protectLogArchive requireImdsv2 denyMetadataDowngrade protectS3BlockPublicAccess denyPublicAcl protectEbsDefaultEncryption requireEncrypted requireEncryptedEbs requireEncryptedRds requireEncryptedEfs orgIdentityPerimeter requireTls confusedDeputy trustedOidcTenants denySseC presignedUrlMaxAge blockPublicSnapshots vpcBlockPublicAccess serialConsole blockPublicAmis imdsDefaults allowedAmis expectedNetworks trustedResources externalSharing denyVpcInternetAccess denyVpn denyFlowLogDeletion denyDefaultVpc protectKms protectKmsGrants protectBackup lambdaUrlIamAuth denyPublicLambda requireMfa requireMfaForS3Delete denyBillingSettings denyAccountSettings denyRegionChanges denyMarketplace quarantine suspendedAccount costCaps bedrockModelAllowList requiredTags detectRestrictedSsh detectRestrictedCommonPorts detectConsoleMfa detectKeyAge detectPublicBuckets protectControlTags denyTemporaryDelegation denyOutboundWebIdentity protectVpcEncryptionControl protectEventBuses denyConsoleLoginForCli'.split(
    ' ',
  );

it.each(names)('%s is a function, and in the catalog', (name) => {
  expect(functions[name]).toBeTypeOf('function');
  expect(guardrailCatalog.map((entry) => entry.name)).toContain(name);
});

it('has 23 families, each name once, and no function that it does not list', () => {
  expect(new Set(guardrailCatalog.map(({ family }) => family)).size).toBe(23);
  const listed = guardrailCatalog.map(({ name }) => name);
  expect(new Set(listed).size).toBe(listed.length);
  const templates = Object.keys(functions).filter((name) =>
    /^(?:deny|protect|require|restrict|block|detect)[A-Z]/.test(name),
  );
  expect(templates.filter((name) => !listed.includes(name))).toEqual([]);
});

describe.each(guardrailCatalog)(
  '$name',
  ({ name, intent, breaks, bypasses, rollout, controls: alike, example, type }) => {
    it('says what it is for, what it breaks, how it is bypassed and how it is rolled out', () => {
      for (const words of [intent, breaks, bypasses, rollout]) expect(words.length).toBeGreaterThan(20);
      for (const control of alike) expect(control.id).toMatch(/^[a-z0-9]{24,25}$/);
    });

    it('gives controls the ids that the table has', () => {
      const known = alike.filter((control) => control.name !== undefined && controls.data[control.name] !== undefined);
      expect(known.map((control) => controls.data[control.name ?? '']?.id)).toEqual(known.map(({ id }) => id));
    });

    it('builds plain data, the same each time', () => {
      const built = example();
      expect(built.type).toBe(type);
      expect(JSON.parse(JSON.stringify(built))).toEqual(built);
      expect(example()).toEqual(built);
      expect(functions[name]).toBeTypeOf('function');
    });
  },
);

const validators = {
  DECLARATIVE_POLICY_EC2: validateEc2Policy,
  CONFIG_RULE: validateConfigRule,
  CONTROL_TOWER_CONTROL: validateEnabledControl,
} as const;

interface SchemaTemplate {
  readonly name: string;
  readonly validate: (document: unknown) => readonly string[];
  readonly cases: readonly SchemaCase[];
}

const schemaTemplates = [...declarativeTemplates, ...detectiveTemplates, ...controlTemplates].map(
  ({ name, type, example }): SchemaTemplate => ({ name, validate: validators[type], cases: example().cases }),
);

describe.each(schemaTemplates)('$name', ({ validate, cases }) => {
  it('ships a document that is taken, and ones that are refused', () => {
    expect(new Set(cases.map((one) => one.expect))).toEqual(new Set(['valid', 'invalid']));
  });
  it.each(cases)('$name', (one) => {
    expect(validate(one.document).length === 0 ? 'valid' : 'invalid').toBe(one.expect);
  });
});
