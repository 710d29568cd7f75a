const joiner = '\u2060';

/**
 * What clients and workflows could still take for more than text in a `TextRun`: card expressions (`{{DATE(…)}}`,
 * `${…}`), workflow expressions (`@{…}`) and mention tokens (`<at>…</at>`). Each is broken by a word joiner, which has
 * no width. There is no Markdown in a `TextRun`, so nothing else needs it.
 */
export const cardText = (text: string): string =>
  text
    .replace(/\{(?=\{)/g, `{${joiner}`)
    .replace(/([$@])(?=\{)/g, `$1${joiner}`)
    .replace(/<(?=[\p{L}/!])/gu, `<${joiner}`);
