import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { sampleMessages } from '../testing/sample-messages.ts';
import { checkTeamsMessage } from '../testing/teams-server-card.ts';
import { renderTeamsMessage } from './render.ts';

describe('renderTeamsMessage', () => {
  it.each(Object.entries(sampleMessages))('shows %s as in its golden file', async (name, message) => {
    const rendered = renderTeamsMessage(message);
    expect(checkTeamsMessage(rendered)).toBeUndefined();
    await expect(`${JSON.stringify(rendered, null, 2)}\n`).toMatchFileSnapshot(`__golden__/${name}.json.txt`);
  });

  it('N17: each band has a sign and a word as well as a colour', () => {
    const looks = (['low', 'medium', 'high', 'critical'] as const).map((severity) => {
      const card = JSON.stringify(renderTeamsMessage(sampleMessage({ severity }), 'card'));
      return card.match(/"text":"(\S+ \S+) · [^{}]*"color":"(\w+)"/)?.slice(1);
    });
    expect(looks).toEqual([
      ['🟡 LOW', 'accent'],
      ['🟠 MEDIUM', 'warning'],
      ['🔴 HIGH', 'attention'],
      ['🚨 CRITICAL', 'attention'],
    ]);
  });

  it('N12: no text of a finding stands where Markdown is read', () => {
    const strings = JSON.stringify(renderTeamsMessage(sampleMessages.hostile ?? sampleMessage()));
    expect(strings).not.toMatch(/<at>|\{\{|\$\{|:\/\/evil|evil\.example|@here/);
    expect(strings.match(/"TextBlock"/g)).toBeNull();
  });

  it('N14: says how many parts are left out', () => {
    const rendered = JSON.stringify(renderTeamsMessage(sampleMessages.oversized ?? sampleMessage()));
    expect(rendered).toMatch(/… \d+ paragraphs, \d+ facts, \d+ steps, \d+ links omitted/);
  });

  it('renders a message that is empty in every part', () => {
    const empty = sampleMessage({ title: '', body: [''], facts: [{ label: '', value: '' }], links: [] });
    expect(checkTeamsMessage(renderTeamsMessage(empty))).toBeUndefined();
  });
});
