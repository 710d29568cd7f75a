import { untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { createRecordingNotifier } from '../testing/recording-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { withAccountContext } from './account-context.ts';
import {
  consoleUrl,
  guardDutyFindingUrl,
  iamUserUrl,
  instanceUrl,
  isConsoleUrl,
  networkAclUrl,
} from './console-url.ts';
import { identityCenterUrl } from './identity-center.ts';

const portal = { startUrl: 'https://d-1234567890.awsapps.com/start', roleName: 'SecurityAudit' };

describe('console URLs', () => {
  it.each([
    ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1'],
    ['cn-north-1', 'https://console.amazonaws.cn/guardduty/home?region=cn-north-1'],
    ['us-gov-west-1', 'https://console.amazonaws-us-gov.com/guardduty/home?region=us-gov-west-1'],
  ])('N16: the host follows the partition of %s', (region, url) => {
    expect(guardDutyFindingUrl({ region, findingId: '4ec1' })).toBe(`${url}#/findings?macros=current&search=id%3D4ec1`);
    expect(isConsoleUrl(url)).toBe(true);
  });

  it.each(['eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1'])('N16: no host is made up for %s', (region) => {
    expect(guardDutyFindingUrl({ region, findingId: '4ec1' })).toBeUndefined();
  });

  it('N16: a Region that is none becomes no host, and everything else is encoded', () => {
    for (const region of ['evil.example/', 'eu-west-1.evil.example#', '', 'eu-west-1\n'])
      expect(consoleUrl({ region, path: 'x' })).toBeUndefined();
    expect(consoleUrl({ region: 'eu-west-1', partition: 'toString', path: 'x' })).toBeUndefined();
    const place = { region: 'eu-west-1' };
    const hostile = 'a/../?x#y|<z> "';
    for (const url of [
      guardDutyFindingUrl({ ...place, findingId: hostile }),
      networkAclUrl({ ...place, networkAclId: hostile }),
      instanceUrl({ ...place, instanceId: hostile }),
      iamUserUrl({ ...place, userName: hostile }),
    ]) {
      expect(url).not.toMatch(/[<>"| ]|\.\.\//);
      expect(url?.split('#')).toHaveLength(2);
    }
  });

  it.each([
    'https://evil.example/console.aws.amazon.com',
    'https://console.aws.amazon.com.evil.example/',
    'https://evilconsole.aws.amazon.com/',
    'http://console.aws.amazon.com/',
    'https://a@console.aws.amazon.com/',
    'nonsense',
  ])('%s is no console', (url) => expect(isConsoleUrl(url)).toBe(false));
});

describe('identityCenterUrl', () => {
  const url = 'https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1#/findings?search=id%3D4ec1';

  it('leads through the access portal into the account and the role, with the page encoded', () => {
    const led = identityCenterUrl({ ...portal, startUrl: `${portal.startUrl}/` }, { accountId: '111122223333', url });
    expect(led).toBe(
      `https://d-1234567890.awsapps.com/start/#/console?account_id=111122223333&role_name=SecurityAudit&destination=${encodeURIComponent(url)}`,
    );
  });

  it('leaves the page as it is without an account or a role', () => {
    expect(identityCenterUrl(portal, { accountId: '12', url })).toBe(url);
    expect(identityCenterUrl({ ...portal, roleName: () => undefined }, { accountId: '111122223333', url })).toBe(url);
  });
});

describe('withAccountContext', () => {
  const about = { accountId: '111122223333' };

  it('names the account and leads its links there, those of next steps too', async () => {
    const channel = createRecordingNotifier();
    const named = withAccountContext(channel, {
      identityCenter: portal,
      accountName: async () => 'payments <!channel>',
    });
    const actions = [{ text: 'look', url: 'https://console.aws.amazon.com/ec2/home' }, { text: 'think' }];
    const links = [...sampleMessage().links, { label: 'Runbook', url: 'https://wiki.example.com' }];
    await named.notify(sampleMessage({ subject: about, actions, links }));
    const [sent] = channel.messages();
    expect(sent?.message.facts[0]).toEqual({
      label: 'Account',
      value: ['111122223333', ' (', untrusted('payments <!channel>'), ')'],
    });
    expect(sent?.message.links[0]?.url).toMatch(
      /^https:\/\/d-1234567890\.awsapps\.com\/start\/#\/console\?account_id=/,
    );
    expect(sent?.message.links[1]?.url).toBe('https://wiki.example.com');
    expect(sent?.message.actions?.[0]?.url).toContain('awsapps.com');
    expect(sent?.message.actions?.[1]).toEqual({ text: 'think' });
  });

  it('adds the account where no fact has it', async () => {
    const channel = createRecordingNotifier();
    await withAccountContext(channel, { accountName: () => 'prod' }).notify(
      sampleMessage({ subject: about, facts: [] }),
    );
    expect(channel.messages()[0]?.message.facts).toMatchObject([{ label: 'Account' }]);
  });

  it('can update and reply where its channel can, and decorates there too', async () => {
    const channel = createRecordingNotifier();
    const named = withAccountContext(channel, { accountName: () => 'prod' });
    await named.notify(sampleMessage({ subject: about }));
    await named.update('1', sampleMessage({ title: 'updated', subject: about }));
    await named.reply('1', sampleMessage({ title: 'reply', subject: about }));
    expect(
      channel.messages().map(({ message }) => [message.title, JSON.stringify(message.facts[0]).includes('prod')]),
    ).toEqual([
      ['updated', true],
      ['reply', true],
    ]);
  });

  it('asks for a name once an hour, and again where it got none', async () => {
    let ms = 0;
    const asked: string[] = [];
    const channel = createRecordingNotifier();
    const answers: (() => string | undefined)[] = [
      () => undefined,
      () => {
        throw new Error('Organizations is down');
      },
      () => 'prod',
    ];
    const named = withAccountContext(channel, {
      now: () => new Date(ms),
      accountName: (accountId) => {
        asked.push(accountId);
        return answers[Math.min(asked.length, answers.length) - 1]?.();
      },
    });
    for (const at of [0, 1, 2, 3, 3_600_001, 3_600_002, 3_600_003]) {
      ms = at;
      expect(await named.notify(sampleMessage({ subject: about }))).toMatchObject({ status: 'delivered' });
    }
    expect(asked).toHaveLength(4);
  });

  it('leaves a message alone that says nothing of an account, and nothing at all', async () => {
    const channel = createRecordingNotifier();
    const named = withAccountContext(channel, { identityCenter: portal, accountName: () => 'prod' });
    await named.notify(sampleMessage());
    await named.notify(sampleMessage({ subject: { accountId: '12' } }));
    expect(channel.messages().map(({ message }) => message.facts)).toEqual([
      sampleMessage().facts,
      sampleMessage().facts,
    ]);
    expect(await named.notify(undefined)).toMatchObject({ status: 'nothing' });
  });

  it.each(['http://portal.example', 'nonsense', 'https://u:p@portal.example', 'https://portal.example/#/x'])(
    'refuses %s as the portal',
    (startUrl) => {
      expect(() => withAccountContext(createRecordingNotifier(), { identityCenter: { ...portal, startUrl } })).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID' }),
      );
    },
  );
});
