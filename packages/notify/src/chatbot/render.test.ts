import { describe, expect, it } from 'vitest';
import { sampleMessages } from '../testing/sample-messages.ts';
import { checkChatbotNotification } from './check-notification.ts';
import { chatLink, chatText } from './escape.ts';
import { renderChatbotNotification } from './render.ts';

describe('renderChatbotNotification', () => {
  it.each(Object.entries(sampleMessages))('shows %s as in its golden file', async (name, message) => {
    const rendered = renderChatbotNotification(message, { client: 'slack' });
    expect(checkChatbotNotification(rendered)).toBeUndefined();
    await expect(`${JSON.stringify(rendered, null, 2)}\n`).toMatchFileSnapshot(`__golden__/${name}.json.txt`);
  });
});

const shown = (text: string): string => chatText(text).replaceAll('\u2060', '|');

describe('chatText', () => {
  it.each([
    ['<!channel> <@U1> <at>x</at>', '‹!channel› ‹@U1› ‹at›x‹/at›'],
    ['&lt;!here&gt; a & b', '&|lt;!here&|gt; a & b'],
    ['https&colon;//evil &#x3A; &commat;here a=1&b=2', 'https&|colon;//evil &|#x3A; &|commat;here a=1&b=2'],
    ['*b* _i_ ~s~ `c`', '|*|b|*| |_|i|_| |~|s|~| |`|c|`|'],
    ['my_bucket_name', 'my_bucket_name'],
    ['[x](https://y) [x]: y', '[x]|(https://y) [x]|: y'],
    [':tada: arn:aws:iam::1', ':|tada: arn:aws:iam::1'],
    ['# head', '|# head'],
    ['1. one', '|1. one'],
  ])('N12: %s formats, mentions and links nothing', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });
});

describe('chatLink', () => {
  it('writes links as the client of the channel does, and bare where it is not known', () => {
    const url = 'https://example.com/?a=1&b=2';
    expect(chatLink('Open', url, 'slack')).toBe('<https://example.com/?a=1&amp;b=2|Open>');
    expect(chatLink('Open', url, 'teams')).toBe('[Open](https://example.com/?a=1&b=2)');
    expect(chatLink('Open', url, undefined)).toBe('Open: https://example.com/?a=1&b=2');
  });
});
