import { isRecord } from './parse-error.ts';

const saysSample = (info: unknown): boolean => {
  if (!isRecord(info)) return false;
  return [info.sample, info.Sample].some(
    (flag) => flag === true || (typeof flag === 'string' && flag.toLowerCase() === 'true'),
  );
};

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
  if (saysSample(info)) return true;
  if (isRecord(info) && [info.value, info.Value].some((value) => saysSample(readJson(value)))) return true;
  return titles.some((title) => title?.trimStart().toUpperCase().startsWith('[SAMPLE]'));
};
