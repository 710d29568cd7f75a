const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Spreads a number over 32 bits, so that ids do not ascend with creation: AWS's do not either. */
const spread = (value: number): number => {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
};

/** Three to four letters of an id, least significant first. */
const inLetters = (value: number, length: number): string => {
  let rest = value;
  let text = '';
  for (let at = 0; at < length; at += 1) {
    text += letters[rest % 32];
    rest = Math.floor(rest / 32);
  }
  return text;
};

/**
 * A function that gives unique ids in IAM's form, `AIDA` and 17 letters and digits (access keys 16), the same ones in
 * each run.
 */
export const createIdSequence = (): ((prefix: string) => string) => {
  let issued = 0;
  return (prefix) => {
    issued += 1;
    const length = prefix === 'AKIA' ? 16 : 17;
    // `spread` is one to one, so seven letters of it are unique.
    const head = inLetters(spread(issued), 7);
    return prefix + head + inLetters(spread(issued + 0x9e3779b9), 7) + inLetters(issued % 1024, length - 14);
  };
};
