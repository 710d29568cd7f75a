import { untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { sampleMessages } from '../testing/sample-messages.ts';
import { renderSnsMessage } from './render.ts';

describe('renderSnsMessage', () => {
  it.each(Object.entries(sampleMessages))('reads %s as in its golden file', async (name, message) => {
    const { Subject, Message, MessageAttributes } = renderSnsMessage(message, 4096);
    const attributes = Object.entries(MessageAttributes).map(([key, { StringValue }]) => `${key}=${StringValue}`);
    const shown = `Subject: ${Subject}\nAttributes: ${attributes.join(' ')}\n\n${Message}\n`;
    await expect(shown).toMatchFileSnapshot(`__golden__/${name}.txt`);
  });

  it.each([
    ['Zugriff für Müller – „gesperrt“…', '[MEDIUM] Zugriff fur Muller - "gesperrt"...'],
    ['漢字 😀', '[MEDIUM] ?? ?'],
    [' \r\nBcc: x@evil.example', '[MEDIUM] / Bcc: x[at]evil[.]example'],
    ['https://evil.example/x', '[MEDIUM] https[:]//evil[.]example/x'],
    ['', '[MEDIUM]'],
  ])('N15: the subject of %j is one line of ASCII: %s', (title, subject) => {
    expect(renderSnsMessage(sampleMessage({ title: untrusted(title) })).Subject).toBe(subject);
  });

  it('N11: the text never is JSON, whatever the title', () => {
    for (const title of ['["text"]', '{"text":"x","channel":"#general"}', '123']) {
      const { Message } = renderSnsMessage(sampleMessage({ title: untrusted(title), body: [], facts: [], links: [] }));
      expect(() => JSON.parse(Message)).toThrow();
    }
  });

  it('leaves out an attribute that no filter could name', () => {
    const { MessageAttributes } = renderSnsMessage(
      sampleMessage({ subject: { type: 'two words', region: 'eu-west-1' } }),
    );
    expect(MessageAttributes).not.toHaveProperty('type');
    expect(MessageAttributes).toHaveProperty('region');
  });
});
