import { describe, expect, it } from 'vitest';
import { parseWebhookUrl } from './webhook-url.ts';

const logicApps =
  'https://prod-12.westeurope.logic.azure.com:443/workflows/0b1f/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=a-b_c%2Fd%2B';
const powerPlatform =
  'https://defaultab12.34.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0b1f/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=a-b_c%2Fd%2B';

describe('parseWebhookUrl', () => {
  it.each([logicApps, powerPlatform])('N22: takes both families of workflow URLs, query unchanged: %s', (input) => {
    expect(parseWebhookUrl(input).search).toBe(input.slice(input.indexOf('?')));
  });

  it.each([
    ['', 'is missing'],
    ['nonsense', 'is not a URL'],
    [logicApps.replace('https:', 'http:'), 'must begin with https://'],
    [logicApps.replace('logic.azure.com', 'logic.azure.com.evil.example'), 'must be on'],
    [logicApps.replace('prod-12.westeurope.logic', 'evil-logic'), 'must be on'],
    [logicApps.replace(':443', ':8443'), 'must be on'],
    ['https://169.254.169.254/workflows/x?sig=1', 'must be on'],
    [logicApps.replace('https://', 'https://user:pw@'), 'must not hold a user name'],
    [logicApps.slice(0, logicApps.indexOf('&sig=')), 'has no sig parameter'],
    [logicApps.replace('/workflows/', '/other/'), 'is not the trigger of a workflow'],
    ['https://contoso.webhook.office.com/webhookb2/0b1f', 'Office 365 connector'],
  ])('refuses %s and does not repeat it', (input, why) => {
    let thrown: unknown;
    try {
      parseWebhookUrl(input);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'TEAMS_URL_INVALID', message: expect.stringContaining(why) });
    expect(String(thrown)).not.toMatch(/0b1f|sig=/);
  });

  it('takes other hosts when they are listed', () => {
    const input = 'http://127.0.0.1:8080/flow';
    expect(() => parseWebhookUrl(input)).toThrow();
    expect(parseWebhookUrl(input, ['127.0.0.1:8080']).href).toBe(input);
  });
});
