import { baselineCatalog, guardrailCatalog } from '@remedykit/guardrails';
import { describe, expect, it } from 'vitest';
import { guardrailsPage } from './guardrails-page.ts';

const page = guardrailsPage();
const sections = new Map(
  page.split(/^### /m).flatMap((part) => {
    const [, name, text] = /^(\w+)\n([\s\S]*)$/.exec(part) ?? [];
    return name === undefined || text === undefined ? [] : [[name, text] as const];
  }),
);

describe('the page about guardrails', () => {
  it('has one section for every template and every set, and no other', () => {
    const names = [...baselineCatalog, ...guardrailCatalog].map(({ name }) => name);
    expect([...sections.keys()].toSorted()).toEqual(names.toSorted());
    expect(page.match(/^### /gm)).toHaveLength(names.length);
  });
  it.each(guardrailCatalog)(
    '$name: says what the code says',
    ({ name, intent, breaks, bypasses, rollout, controls, type }) => {
      const section = sections.get(name) ?? '';
      for (const words of [intent, breaks, bypasses, rollout]) expect(section).toContain(words);
      if (type !== 'CONTROL_TOWER_CONTROL')
        for (const { id, name: known } of controls) expect(section).toContain(known ?? id);
    },
  );
  it.each(baselineCatalog)('$name: names each member with its reason', ({ name, example }) => {
    for (const member of example().members)
      expect(sections.get(name)).toContain(`| \`${member.name}\` | ${member.as} | ${member.reason} |`);
  });
  it('counts every template once', () => {
    const counts = [...(page.split('\n')[0] ?? '').matchAll(/\d+/g)].map(([count]) => Number(count));
    const [all = 0, ...rest] = counts;
    expect(all).toBe(guardrailCatalog.length);
    expect(rest.slice(0, -1).reduce((sum, count) => sum + count)).toBe(all);
  });
});
