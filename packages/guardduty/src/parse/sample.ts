import { isRecord } from './parse-error.ts';

const saysSample = (info: unknown): boolean =>
  isRecord(info) && (info.sample === true || (typeof info.sample === 'string' && info.sample.toLowerCase() === 'true'));

const readJson = (text: unknown): unknown => {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * True for a finding made by CreateSampleFindings: flagged in `additionalInfo`, in the JSON text `additionalInfo.value`,
 * or titled `[SAMPLE]`. Seen in documents of 2019 to 2025; AWS documents none of the places.
 */
export const isSample = (additionalInfo: unknown, ...titles: readonly (string | null | undefined)[]): boolean => {
  const info = typeof additionalInfo === 'string' ? readJson(additionalInfo) : additionalInfo;
  if (saysSample(info) || (isRecord(info) && saysSample(readJson(info.value)))) return true;
  return titles.some((title) => title?.trimStart().toUpperCase().startsWith('[SAMPLE]'));
};
