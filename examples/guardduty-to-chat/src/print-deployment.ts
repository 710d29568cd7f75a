// `pnpm --filter @remedykit/example-guardduty-to-chat print --chat slack --account 111122223333 --region eu-west-1`: see README.md.
import { parseArgs } from 'node:util';
import { describeAmazonQ, describeSlack } from './deployment.ts';

const { values } = parseArgs({
  options: {
    chat: { type: 'string' },
    account: { type: 'string' },
    region: { type: 'string' },
    partition: { type: 'string', default: 'aws' },
    rule: { type: 'string', default: 'remedykit-alerts' },
    role: { type: 'string', default: 'remedykit-alerts' },
    'dead-letter-queue': { type: 'string', default: 'remedykit-alert-failures' },
    topic: { type: 'string', default: 'remedykit-alerts' },
    'topic-key': { type: 'string' },
    'slack-workspace': { type: 'string', default: 'T0123ABCD' },
    'slack-channel': { type: 'string', default: 'C0123ABCD' },
    table: { type: 'string', default: 'remedykit-alerts' },
    'token-secret': { type: 'string', default: 'remedykit/slack' },
    'secret-key': { type: 'string' },
  },
});
const { chat, account = '', region, 'topic-key': topicKeyArn, 'secret-key': secretKeyArn } = values;
if ((chat !== 'amazon-q' && chat !== 'slack') || !/^\d{12}$/.test(account) || region === undefined) {
  console.error('Usage: print --chat amazon-q|slack --account <12 digits> --region <Region> [--partition aws] …');
  process.exit(2);
}

const place = {
  accountId: account,
  region,
  partition: values.partition,
  ruleName: values.rule,
  roleName: values.role,
  deadLetterQueueName: values['dead-letter-queue'],
};
const deployment =
  chat === 'amazon-q'
    ? describeAmazonQ({
        ...place,
        topicName: values.topic,
        slackWorkspaceId: values['slack-workspace'],
        slackChannelId: values['slack-channel'],
        ...(topicKeyArn === undefined ? {} : { topicKeyArn }),
      })
    : describeSlack({
        ...place,
        tableName: values.table,
        tokenSecretName: values['token-secret'],
        ...(secretKeyArn === undefined ? {} : { secretKeyArn }),
      });
console.log(JSON.stringify(deployment, null, 2));
