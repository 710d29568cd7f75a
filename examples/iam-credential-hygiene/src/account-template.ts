import { enforcerPermissions, type MfaOptions, mfaPolicies, type PermissionDocument } from '@remedykit/iam';

/** A CloudFormation template. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;
}

/** The role that the functions assume in an account. */
export interface AccountRole {
  /** A path may stand before the name. */
  readonly name: string;
  readonly externalId: string;
  /** Who alone may assume it: the ARN of the functions' role. */
  readonly assumedBy: string;
}

/** What becomes of console users without MFA decides what an account needs. */
export interface AccountNeeds {
  readonly partition: string;
  readonly mfaAction: MfaOptions['action'];
  /** Absent: the functions work in their own account, with their own role. */
  readonly role?: AccountRole;
}

// In place of an account's id, until CloudFormation puts it in: one template is for all accounts.
const anyAccount = '000000000000';

/** What the enforcer of this example has rules for; the numbers in them change no permission. */
export const permissionsIn = (
  accounts: readonly string[],
  { partition, mfaAction }: Pick<AccountNeeds, 'partition' | 'mfaAction'>,
): PermissionDocument => {
  const graceDays = 14;
  return enforcerPermissions({
    accounts,
    partition,
    mfa:
      mfaAction === 'deny-until-mfa'
        ? { action: mfaAction, graceDays, activeKeyUsers: 'report' }
        : { action: mfaAction, graceDays },
    accessKeys: { warnAtDays: [80], deactivateAtDays: 90 },
  });
};

/** Every text that names the account, as CloudFormation completes it. */
const forEveryAccount = (value: unknown): unknown => {
  if (typeof value === 'string')
    return value.includes(anyAccount)
      ? // What IAM itself fills in stays as it is.
        { 'Fn::Sub': value.replaceAll('${', '${!').replaceAll(anyAccount, `\${AWS::AccountId}`) }
      : value;
  if (Array.isArray(value)) return value.map(forEveryAccount);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, forEveryAccount(inner)]));
};

const policyResources = ({ partition, mfaAction }: AccountNeeds): Template['Resources'] => {
  if (mfaAction !== 'deny-until-mfa') return {};
  const resources = Object.entries(mfaPolicies({ accountId: anyAccount, partition })).map(
    ([id, { name, path, description, document }]) => [
      `${id.charAt(0).toUpperCase()}${id.slice(1)}Policy`,
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          ManagedPolicyName: name,
          Path: path,
          Description: description,
          PolicyDocument: forEveryAccount(document),
        },
      },
    ],
  );
  return Object.fromEntries(resources);
};

const roleResource = (needs: AccountNeeds): Template['Resources'] => {
  if (needs.role === undefined) return {};
  const { name, externalId, assumedBy } = needs.role;
  const slash = name.lastIndexOf('/');
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: name.slice(slash + 1),
        Path: slash === -1 ? '/' : `/${name.slice(0, slash)}/`.replace('//', '/'),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'OnlyTheFunctions',
              Effect: 'Allow',
              Principal: { AWS: assumedBy },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'sts:ExternalId': externalId } },
            },
          ],
        },
        Policies: [{ PolicyName: 'remedykit', PolicyDocument: forEveryAccount(permissionsIn([anyAccount], needs)) }],
      },
    },
  };
};

/**
 * What every account holds that the functions look at, as one template for all of them: the two policies that deny until
 * MFA, which the functions attach and may not write, and their role. `undefined` where it is nothing.
 */
export const describeAccountTemplate = (needs: AccountNeeds): Template | undefined => {
  const resources = { ...policyResources(needs), ...roleResource(needs) };
  if (Object.keys(resources).length === 0) return undefined;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'What remedykit needs in an account whose IAM credentials it looks after.',
    Resources: resources,
  };
};
