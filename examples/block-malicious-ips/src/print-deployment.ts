// `pnpm --filter @remedykit/example-block-malicious-ips print --account 111122223333 --region eu-west-1`: see README.md.
import { parseArgs } from 'node:util';
import { describeDeployment } from './deployment.ts';

const { values } = parseArgs({
  options: {
    account: { type: 'string' },
    region: { type: 'string' },
    partition: { type: 'string', default: 'aws' },
    table: { type: 'string', default: 'remedykit' },
    queue: { type: 'string', default: 'remedykit-findings' },
    'dead-letter-queue': { type: 'string', default: 'remedykit-failures' },
    rule: { type: 'string', default: 'remedykit-findings' },
  },
});
if (!/^\d{12}$/.test(values.account ?? '') || values.region === undefined) {
  console.error('Usage: print --account <12 digits> --region <Region> [--partition aws] [--table remedykit] …');
  process.exit(2);
}

const deployment = describeDeployment({
  accountId: values.account ?? '',
  region: values.region,
  partition: values.partition,
  tableName: values.table,
  queueName: values.queue,
  deadLetterQueueName: values['dead-letter-queue'],
  ruleName: values.rule,
});
console.log(JSON.stringify(deployment, null, 2));
