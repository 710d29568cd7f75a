// `pnpm --filter @remedykit/example-block-malicious-ips print --account 111122223333 --region eu-west-1`: see README.md.
import { parseArgs } from 'node:util';
import { describeDeployment, type Members } from './deployment.ts';

const { values } = parseArgs({
  options: {
    account: { type: 'string' },
    region: { type: 'string' },
    partition: { type: 'string', default: 'aws' },
    table: { type: 'string', default: 'remedykit' },
    queue: { type: 'string', default: 'remedykit-findings' },
    'dead-letter-queue': { type: 'string', default: 'remedykit-failures' },
    rule: { type: 'string', default: 'remedykit-findings' },
    accounts: { type: 'string' },
    'role-name': { type: 'string' },
    'external-id': { type: 'string' },
    'function-role-name': { type: 'string' },
    'detector-id': { type: 'string' },
  },
});
const usage = (what: string): never => {
  console.error(what);
  process.exit(2);
};
const { account = '', region = '' } = values;
if (!/^\d{12}$/.test(account) || region === '') {
  usage('Usage: print --account <12 digits> --region <Region> [--partition aws] [--table remedykit] …');
}

/** For several accounts all of these belong together. */
const readMembers = (): Members | undefined => {
  const { accounts, 'role-name': roleName, 'external-id': externalId, 'function-role-name': functionRoleName } = values;
  const given = [accounts, roleName, externalId, functionRoleName];
  if (given.every((one) => one === undefined)) return undefined;
  const accountIds = (accounts ?? '').split(',').filter((id) => /^\d{12}$/.test(id));
  const isWhole = accountIds.length > 0 && accountIds.length === accounts?.split(',').length;
  if (!isWhole || !roleName || !externalId || !functionRoleName) {
    return usage(
      'Several accounts need --accounts <12 digits>,<12 digits>… --role-name <name> --external-id <id> --function-role-name <name>, and --detector-id <id> where the functions ask the administrator’s detector.',
    );
  }
  const detectorId = values['detector-id'];
  return { accountIds, roleName, externalId, functionRoleName, ...(detectorId ? { detectorId } : {}) };
};
const members = readMembers();

const deployment = describeDeployment({
  accountId: account,
  region,
  partition: values.partition,
  tableName: values.table,
  queueName: values.queue,
  deadLetterQueueName: values['dead-letter-queue'],
  ruleName: values.rule,
  ...(members ? { members } : {}),
});
console.log(JSON.stringify(deployment, null, 2));
