import { type Message, severityBand, type Text, untrusted } from '@remedykit/core';
import { alertMessage, parseFinding } from '@remedykit/guardduty';
import { allFindingEvents } from '@remedykit/guardduty/testing';
import fc from 'fast-check';
import { anyMessage } from '../../../packages/notify/src/testing/any-message.ts';
import { sampleMessages } from '../../../packages/notify/src/testing/sample-messages.ts';

const at = new Date('2026-11-24T10:00:00.000Z');

/** What is cut badly by most who cut: each is repeated beyond every limit, at every offset. */
export const units: readonly string[] = [
  'plain words of a finding ',
  '&<>"\'',
  '&amp;&lt;!channel&gt;',
  '😀',
  '👨‍👩‍👧‍👦',
  '🏳️‍🌈🇮🇸',
  'e\u0301\u0302',
  'क्षि',
  '한국어 각',
  'שלום עולם ',
  '漢字。',
  '<!channel> <@U012AB3CD> <https://evil.example|x> ',
  '**b** _i_ `c` [t](https://evil.example) ',
  '{{DATE(2026-11-24T10:00:00Z)}}$\u007bx}<at>x</at>',
  '\u202e\u200b\u0000\ud800',
  '"\\\b\n',
];

/** Every kind of finding that GuardDuty may send, in every band, as the alert that people get. */
const alerts = (): Message[] =>
  Object.values(allFindingEvents).flatMap((build) =>
    [2, 5, 8, 9].flatMap((severity) =>
      [false, true].map((archived) => alertMessage(parseFinding(build({ at, severity, archived })))),
    ),
  );

/**
 * A message whose every part is longer than its place in chat. `offset` shifts the text under the limits, so that over many
 * messages a cut falls on every place of the repeated unit.
 */
export const oversizedMessage = (unit: string, offset: number): Message => {
  const text = (length: number, start = ''): Text => [
    `${start}${'a'.repeat(offset)} `,
    untrusted(unit.repeat(Math.ceil(length / unit.length))),
  ];
  return {
    key: `oversized/${offset}/${unit.length}`,
    severity: severityBand(offset % 10),
    preview: offset % 7 === 3,
    title: text(400),
    // Longer than a mail now and then, else than a chat message: the long ones take most of the time.
    body: [text(4000), text(offset % 5 === 1 ? 100_000 : 15_000), text(300)],
    facts: Array.from({ length: 14 }, (_, index) => ({ label: `Fact ${index} ${unit.repeat(20)}`, value: text(700) })),
    actions: Array.from({ length: 12 }, (_, index) => ({
      text: text(900, `Step ${index} `),
      url: `https://example.com/${'p'.repeat(offset * 20)}`,
    })),
    links: Array.from({ length: 12 }, (_, index) => ({
      label: `Link ${index} ${unit.repeat(20)}`,
      url: `https://example.com/${index}?${'q'.repeat(offset * 20)}`,
    })),
    subject: { accountId: '111122223333', region: 'eu-west-1', type: unit.repeat(40) },
    at: at.toISOString(),
  };
};

const oversized = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) =>
    oversizedMessage(units[index % units.length] ?? '', Math.floor(index / units.length)),
  );

/**
 * Messages as they are sent, hostile ones, and those that are far too long: the same at every run.
 * @param scale above 0 and at most 1; 1: at least 1,000, of which 320 are made too long
 */
export const benchMessages = (scale = 1): readonly Message[] => [
  ...Object.values(sampleMessages),
  ...alerts().filter((_, index) => index % Math.round(1 / scale) === 0),
  ...fc.sample(anyMessage, { seed: 13, numRuns: Math.ceil(560 * scale) }),
  ...oversized(Math.ceil(320 * scale)),
];

const lengthOf = (text: Text): number => {
  if (typeof text === 'string') return text.length;
  if ('untrusted' in text) return text.untrusted.length;
  return text.reduce((sum, part) => sum + lengthOf(part), 0);
};

/** Characters that a message has to be read, before any of them is escaped. */
export const wordsOf = ({ title, body, facts, actions = [], links }: Message): number =>
  [
    title,
    ...body,
    ...facts.flatMap(({ label, value }) => [label, value]),
    ...actions.map(({ text }) => text),
    ...links.map(({ label }) => label),
  ].reduce<number>((sum, text) => sum + lengthOf(text), 0);
