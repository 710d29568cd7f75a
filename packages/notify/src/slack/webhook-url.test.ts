import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { parseWebhookUrl } from './webhook-url.ts';

const secret = 'T0SECRET/B0SECRET/sEcReTtOkEn';

const refusal = (input: unknown, allowedHosts: readonly string[] = []): unknown => {
  try {
    return parseWebhookUrl(input, allowedHosts);
  } catch (error) {
    return error;
  }
};

describe('parseWebhookUrl', () => {
  it('N6: takes Slack and GovSlack', () => {
    for (const host of ['hooks.slack.com', 'hooks.slack-gov.com'])
      expect(parseWebhookUrl(`https://${host}/services/${secret}`).host).toBe(host);
  });

  it('takes a listed host exactly, over http on the loopback address alone', () => {
    expect(parseWebhookUrl('http://127.0.0.1:8080/x', ['127.0.0.1:8080']).port).toBe('8080');
    expect(parseWebhookUrl('https://proxy.example/slack', ['proxy.example']).host).toBe('proxy.example');
  });

  it.each<[string, unknown, readonly string[]]>([
    ['absent', undefined, []],
    ['empty', '', []],
    ['not a URL', `hooks.slack.com/services/${secret}`, []],
    ['http', `http://hooks.slack.com/services/${secret}`, []],
    ['another host', `https://hooks.slack.com.evil.example/services/${secret}`, []],
    ['another port', `https://hooks.slack.com:8443/services/${secret}`, []],
    ['a host in the credentials', `https://hooks.slack.com@evil.example/services/${secret}`, ['evil.example']],
    ['a workflow trigger', `https://hooks.slack.com/triggers/${secret}`, []],
    ['a loopback host that is not listed', `http://127.0.0.1:8080/services/${secret}`, []],
    ['another port of a listed host', `http://127.0.0.1:8081/services/${secret}`, ['127.0.0.1:8080']],
    ['http on a listed host elsewhere', `http://proxy.example/services/${secret}`, ['proxy.example']],
  ])('N9: refuses %s without repeating it', (_case, input, allowedHosts) => {
    const error = refusal(input, allowedHosts);
    expect(error).toMatchObject({ code: 'SLACK_URL_INVALID', retryable: false });
    expect(isRemediationError(error) && [error.message, error.stack, error.cause].join()).not.toMatch(
      /SECRET|evil|proxy/,
    );
  });
});
