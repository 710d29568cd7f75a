/**
 * Whether the whole text fits a pattern in which `*` stands for any characters and `?` for one. No regular expression is
 * made of it, so no pattern takes more than the product of the two lengths.
 */
export const fitsGlob = (pattern: string, text: string): boolean => {
  let [p, t] = [0, 0];
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      resumeAt = t;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      resumeAt += 1;
      p = star + 1;
      t = resumeAt;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
};
