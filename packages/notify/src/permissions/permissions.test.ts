import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { createChatbotNotifier } from '../chatbot/notifier.ts';
import { chatbotPermissions } from '../chatbot/permissions.ts';
import { secretPermissions } from '../secrets/permissions.ts';
import { secretFromSecretsManager } from '../secrets/secrets-manager.ts';
import { secretFromSsm } from '../secrets/ssm.ts';
import { createSesNotifier } from '../ses/notifier.ts';
import { sesPermissions } from '../ses/permissions.ts';
import { createSnsNotifier } from '../sns/notifier.ts';
import { snsPermissions } from '../sns/permissions.ts';
import { createFakeSes } from '../testing/mail-server.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { createFakeSns } from '../testing/sns-server.ts';
import type { PolicyDocument } from './policy.ts';

const place = 'eu-west-1:111122223333';
const topicArn = `arn:aws:sns:${place}:alerts`;
const keyArn = `arn:aws:kms:${place}:key/0a11ce00-0000-4000-8000-000000000001`;
const identityArn = `arn:aws:ses:${place}:identity/example.com`;
const configurationSetArn = `arn:aws:ses:${place}:configuration-set/remedykit`;
const secretArn = `arn:aws:secretsmanager:${place}:secret:remedykit/slack-??????`;
const parameterArn = `arn:aws:ssm:${place}:parameter/remedykit/teams`;

/** Actions of a policy, but for those that a service asks of its keys for us. */
const actionsOf = ({ Statement }: PolicyDocument): string[] =>
  [...new Set(Statement.flatMap(({ Action }) => Action))].filter((action) => !action.startsWith('kms:')).toSorted();

const calledIn = (service: string, log: readonly { readonly operation: string }[]): string[] =>
  [...new Set(log.map(({ operation }) => `${service}:${operation}`))].toSorted();

const send = (seen: string[], answer: object) => async (command: object) => {
  seen.push(command.constructor.name.replace(/Command$/, ''));
  return answer;
};

describe('every call is permitted and every permission is used', () => {
  it('of SNS', async () => {
    const sns = createFakeSns({ topics: [topicArn] });
    await createSnsNotifier({ client: sns, topicArn }).notify(sampleMessage());
    expect(calledIn('sns', sns.log)).toEqual(actionsOf(snsPermissions({ topicArn })));
  });

  it('of Amazon Q Developer in chat', async () => {
    const sns = createFakeSns({ topics: [topicArn] });
    await createChatbotNotifier({ sns, topicArn }).notify(sampleMessage());
    expect(calledIn('sns', sns.log)).toEqual(actionsOf(chatbotPermissions({ topicArn })));
  });

  it('of SES, with all it can do and with the least', async () => {
    const ses = createFakeSes();
    const mail = createSesNotifier({ client: ses, from: 'security@example.com', to: 'soc@example.com' });
    await mail.notify(sampleMessage());
    expect(calledIn('ses', ses.log)).toEqual(
      actionsOf(sesPermissions({ identityArn, bulk: false, readAccount: false })),
    );
    await mail.preflight();
    await mail.notifyAll([sampleMessage(), sampleMessage({ key: 'other' })]);
    expect(calledIn('ses', ses.log)).toEqual(actionsOf(sesPermissions({ identityArn })));
  });

  it('of secrets', async () => {
    const called: string[] = [];
    const manager = { send: send(called, { SecretString: 'x' }) } as unknown as Pick<SecretsManagerClient, 'send'>;
    await secretFromSecretsManager({ client: manager, secretId: secretArn }).read();
    expect(called.map((name) => `secretsmanager:${name}`)).toEqual(
      actionsOf(secretPermissions({ secretArns: [secretArn] })),
    );
    called.length = 0;
    const systems = { send: send(called, { Parameter: { Value: 'x' } }) } as unknown as Pick<SSMClient, 'send'>;
    await secretFromSsm({ client: systems, name: '/remedykit/teams' }).read();
    expect(called.map((name) => `ssm:${name}`)).toEqual(
      actionsOf(secretPermissions({ parameterArns: [parameterArn] })),
    );
  });
});

describe('a permission is for what is named alone', () => {
  it.each([
    [snsPermissions({ topicArn, keyArn }), { PublishAlerts: [topicArn], EncryptAlerts: [keyArn] }],
    [chatbotPermissions({ topicArn }), { PublishAlerts: [topicArn] }],
    [
      sesPermissions({ identityArn, configurationSetArn }),
      {
        SendMails: [identityArn, configurationSetArn],
        SendManyMails: [identityArn, configurationSetArn, `arn:aws:ses:${place}:template/*`],
        ReadSendingRate: ['*'],
      },
    ],
    [
      secretPermissions({ secretArns: [secretArn], parameterArns: [parameterArn], keyArns: [keyArn] }),
      { ReadSecrets: [secretArn], ReadParameters: [parameterArn], DecryptSecrets: [keyArn] },
    ],
  ])('as in %j', ({ Statement }, expected) => {
    expect(Object.fromEntries(Statement.map(({ Sid, Resource }) => [Sid, Resource]))).toEqual(expected);
  });

  it.each([
    ['a topic that is none', () => snsPermissions({ topicArn: '*' }), 'SNS_TOPIC_INVALID'],
    ['any key', () => snsPermissions({ topicArn, keyArn: `arn:aws:kms:${place}:key/*` }), 'OPTION_INVALID'],
    ['any topic', () => chatbotPermissions({ topicArn: `arn:aws:sns:${place}:*` }), 'SNS_TOPIC_INVALID'],
    ['any identity', () => sesPermissions({ identityArn: `arn:aws:ses:${place}:identity/*` }), 'OPTION_INVALID'],
    ['a set for an identity', () => sesPermissions({ identityArn: configurationSetArn }), 'OPTION_INVALID'],
    ['no secret', () => secretPermissions({}), 'OPTION_INVALID'],
    ['any secret', () => secretPermissions({ secretArns: [secretArn.replace('slack', '*')] }), 'OPTION_INVALID'],
    ['the name of a secret', () => secretPermissions({ secretArns: ['remedykit/slack'] }), 'OPTION_INVALID'],
    ['any parameter', () => secretPermissions({ parameterArns: [`${parameterArn}/*`] }), 'OPTION_INVALID'],
  ])('and %s is refused', (_what, permissions, code) => {
    expect(permissions).toThrow(expect.objectContaining({ code }));
  });
});
