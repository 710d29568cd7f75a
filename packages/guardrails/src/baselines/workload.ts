import { orgIdentityPerimeter } from '../rcp/perimeter.ts';
import { requireTls } from '../rcp/transport.ts';
import { confusedDeputy } from '../rcp/trust.ts';
import { protectEbsDefaultEncryption, requireEncrypted } from '../scp/encryption.ts';
import { denyAccessKeys, denyIamUsers, denyLoginProfiles } from '../scp/iam-users.ts';
import { protectBackup, protectKms, protectKmsGrants } from '../scp/keys-and-backups.ts';
import { denyPublicLambda, lambdaUrlIamAuth } from '../scp/lambda.ts';
import { denyMetadataDowngrade, requireImdsv2 } from '../scp/metadata.ts';
import { denyDefaultVpc, denyFlowLogDeletion } from '../scp/network.ts';
import { externalSharing } from '../scp/perimeter.ts';
import { denyPublicAcl, protectS3BlockPublicAccess } from '../scp/s3.ts';
import { assemble, commonOf, need, withoutExemptActions } from './assemble.ts';
import type { Baseline, BaselineParameters } from './baseline.ts';

/** What `workloadBaseline` takes. */
export type WorkloadBaselineParameters = BaselineParameters & {
  /** `o-a1b2c3d4e5`. */
  readonly organizationId: string;
  /** Accounts outside of the organisation that resource policies may let in. */
  readonly trustedAccounts?: readonly string[];
  /** Over how many network hops instance credentials may travel. Default: 2, as containers need. */
  readonly hopLimit?: number;
};

/**
 * What accounts with workloads have beside the foundation above them: nothing public, nothing unencrypted, no long-lived
 * credentials, data that outlives whoever deletes everything, and a perimeter around the organisation’s resources.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 * @example
 * ```ts
 * import { packPolicies, toTerraform, workloadBaseline } from '@remedykit/guardrails';
 *
 * const set = workloadBaseline({ organizationId: 'o-a1b2c3d4e5' });
 * console.log(toTerraform(packPolicies(set.guardrails), { ...set, targetIds: ['ou-ab12-11111111'] }));
 * ```
 */
export const workloadBaseline = (parameters: WorkloadBaselineParameters): Baseline => {
  const organizationId = need('workload', 'organizationId', parameters.organizationId);
  const { trustedAccounts, hopLimit } = parameters;
  const given = withoutExemptActions(commonOf(parameters));
  const { exemptedResourceArns, ...ofPrincipals } = given.exemptions ?? {};
  const common = { ...given, exemptions: ofPrincipals };
  // Exempt principals are the organisation’s own, whom a perimeter around it leaves alone.
  const ofResources = {
    ...given,
    exemptions: exemptedResourceArns === undefined ? {} : { exemptedResourceArns },
  };
  const hops = hopLimit === undefined ? {} : { hopLimit };
  return assemble('workload', parameters, {
    guardrails: [
      [protectS3BlockPublicAccess(common), 'The account’s block of public access stays on.'],
      [denyPublicAcl(common), 'Lists are the other way to make an object public.'],
      [lambdaUrlIamAuth(common), 'A function answers nobody who did not sign.'],
      [denyPublicLambda(common), 'A function admits not all of AWS.'],
      [externalSharing(common), 'Snapshots, images and shares stay in the organisation.'],
      [protectEbsDefaultEncryption(common), 'The default stays as the foundation set it.'],
      [requireEncrypted(common), 'A default can be passed over; a policy cannot.'],
      [protectKms(common), 'Data without its key is lost.'],
      [protectKmsGrants(common), 'A grant gives rights past the key’s policy.'],
      [protectBackup(common), 'Backups outlive whoever deletes everything.'],
      [requireImdsv2({ ...common, ...hops }), 'A forged request through an instance gets no credentials.'],
      [denyMetadataDowngrade({ ...common, ...hops }), 'What was launched safely stays so.'],
      [denyIamUsers(common), 'People and machines have roles here.'],
      [denyAccessKeys(common), 'A key that does not exist is never stolen.'],
      [denyLoginProfiles(common), 'People sign in through the identity provider.'],
      [denyDefaultVpc(common), 'No network with public addresses by default.'],
      [denyFlowLogDeletion(common), 'Traffic stays on record.'],
      [
        orgIdentityPerimeter({
          ...ofResources,
          organizationId,
          ...(trustedAccounts === undefined ? {} : { trustedAccounts }),
        }),
        'A resource policy that admits too many admits no stranger.',
      ],
      [
        confusedDeputy({
          ...ofResources,
          organizationId,
          ...(trustedAccounts === undefined ? {} : { trustedSourceAccounts: trustedAccounts }),
        }),
        'A service of AWS is nobody else’s hand here.',
      ],
      [requireTls(ofResources), 'Nothing is read on the way.'],
    ],
    declarative: [],
    settings: [],
  });
};
