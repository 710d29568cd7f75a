import type { MessageView } from '../fit/message-view.ts';
import { snsLimits } from './limits.ts';

const joiner = /\u2060/g;

const lookAlikes: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u2018\u2019\u201a\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u2033]/g, '"'],
  [/\u2026/g, '...'],
  [/\u00b7/g, '-'],
  [/\u23ce/g, '/'],
];

/** What a mail client could make a link or an address, as security people write it: `hxxp[:]//evil[.]example`. */
const defangAscii = (text: string): string =>
  text
    .replace(/:\u2060(?=\/\/)/g, '[:]')
    .replace(/\.\u2060/g, '[.]')
    .replace(/@\u2060/g, '[at]')
    .replace(joiner, '');

/** Letters without their accents; every other character beyond ASCII becomes `?`. */
const toAscii = (text: string): string => {
  const plain = lookAlikes.reduce((done, [from, to]) => done.replace(from, to), text);
  return plain
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, '?');
};

/**
 * The subject of a message: ASCII without line breaks, fewer than 100 characters, `[HIGH] Blocked 198.51.100.7`. Begins
 * with a bracket always, so that no text of a finding stands at its beginning.
 */
export const renderSubject = ({ banner, word, title }: MessageView): string => {
  const mark = banner === undefined ? `[${word}]` : `[PREVIEW] [${word}]`;
  const subject = toAscii(defangAscii(title)).replace(/\s+/g, ' ').trim();
  const line = subject === '' ? mark : `${mark} ${subject}`;
  return line.length <= snsLimits.subject ? line : `${line.slice(0, snsLimits.subject - 3).trimEnd()}...`;
};
