// `pnpm --filter @remedykit/example-iam-credential-hygiene print --account 111122223333 --region eu-west-1 --mail-identity example.com --mfa-action deny-until-mfa`:
// see README.md.
import { parseArgs } from 'node:util';
import { describeDeployment, type Members } from './deployment.ts';

const { values } = parseArgs({
  options: {
    account: { type: 'string' },
    region: { type: 'string' },
    partition: { type: 'string', default: 'aws' },
    'mail-identity': { type: 'string' },
    'mfa-action': { type: 'string' },
    'configuration-set': { type: 'string', default: 'remedykit' },
    table: { type: 'string', default: 'remedykit-iam' },
    rule: { type: 'string', default: 'remedykit-mail-events' },
    'dead-letter-queue': { type: 'string', default: 'remedykit-iam-failures' },
    accounts: { type: 'string' },
    'role-name': { type: 'string' },
    'external-id': { type: 'string' },
    'function-role-name': { type: 'string' },
  },
});
const usage = (what: string): never => {
  console.error(what);
  process.exit(2);
};
const { account = '', region = '', 'mail-identity': mailIdentity = '' } = values;
const mfaActions = ['report', 'deny-until-mfa', 'delete-login-profile'] as const;
const action = mfaActions.find((one) => one === values['mfa-action']);
const isComplete = /^\d{12}$/.test(account) && region !== '' && mailIdentity !== '';
const mfaAction =
  isComplete && action !== undefined
    ? action
    : usage(
        `Usage: print --account <12 digits> --region <Region> --mail-identity <domain or address> --mfa-action <${mfaActions.join('|')}> [--partition aws] …`,
      );

/** For several accounts all of these belong together. */
const readMembers = (): Members | undefined => {
  const { accounts, 'role-name': roleName, 'external-id': externalId, 'function-role-name': functionRoleName } = values;
  if ([accounts, roleName, externalId, functionRoleName].every((one) => one === undefined)) return undefined;
  const accountIds = (accounts ?? '').split(',');
  if (!accountIds.every((id) => /^\d{12}$/.test(id)) || !roleName || !externalId || !functionRoleName) {
    return usage(
      'Several accounts need --accounts <12 digits>,<12 digits>… --role-name <name> --external-id <id> --function-role-name <name>.',
    );
  }
  return { accountIds, roleName, externalId, functionRoleName };
};
const members = readMembers();

const deployment = describeDeployment({
  accountId: account,
  region,
  partition: values.partition,
  tableName: values.table,
  mailIdentity,
  configurationSet: values['configuration-set'],
  ruleName: values.rule,
  deadLetterQueueName: values['dead-letter-queue'],
  mfaAction,
  ...(members ? { members } : {}),
});
console.log(JSON.stringify(deployment, null, 2));
