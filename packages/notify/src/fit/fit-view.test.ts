import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { fitView, type PieceRenderer } from './fit-view.ts';
import { viewMessage } from './message-view.ts';

/** Every piece is a text of ten; a paragraph may be cut. */
const renderer: PieceRenderer<string> = {
  paragraph: (text, room) => (room < 10 ? undefined : text),
  fact: ({ label }) => label,
  action: ({ text }, _room, index) => `${index}${text}`,
  link: ({ label }) => label,
  size: () => 10,
};

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`);

const view = viewMessage(
  sampleMessage({
    body: names(20),
    facts: names(20).map((label) => ({ label, value: 'v' })),
    actions: names(20).map((text) => ({ text })),
    links: [...names(20).map((label) => ({ label, url: 'https://example.com' })), { label: 'x', url: 'http://x' }],
  }),
);

const counts = (room: number, most = {}) => {
  const { paragraphs, facts, actions, links, note } = fitView(view, room, renderer, most);
  return [paragraphs.length, facts.length, actions.length, links.length, note];
};

describe('fitView', () => {
  it('shows everything where there is room for it', () => {
    expect(counts(10_000)).toEqual([20, 20, 20, 20, '… 1 link omitted']);
  });

  it('keeps room for links, steps and facts beside a long body, and counts what is left out', () => {
    expect(counts(400)).toEqual([14, 6, 10, 10, '… 6 paragraphs, 14 facts, 10 steps, 11 links omitted']);
  });

  it('gives to facts what the body leaves', () => {
    const short = { ...view, paragraphs: ['one'] };
    expect(fitView(short, 400, renderer).facts).toHaveLength(19);
  });

  it('shows no more of a kind than the target takes', () => {
    expect(counts(10_000, { paragraphs: 0, facts: 1, actions: 2, links: 3 })).toEqual([
      0,
      1,
      2,
      3,
      '… 20 paragraphs, 19 facts, 18 steps, 18 links omitted',
    ]);
  });

  it('shows nothing, and says so, where there is no room at all', () => {
    expect(counts(0)).toEqual([0, 0, 0, 0, '… 20 paragraphs, 20 facts, 20 steps, 21 links omitted']);
  });
});
