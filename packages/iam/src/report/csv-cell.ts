/**
 * Where a spreadsheet could take what follows for a formula: at the beginning of a cell, and behind whatever it may take
 * for the end of one (a semicolon or a tab in some countries), spaces and apostrophes set aside. Wide forms count as
 * well; so does a tab or a line break that begins a cell, which are dropped on import.
 */
const formulaBegins = /(?<=^|[;,|\t\r\n])(?=['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?='*[\t\r\n])/gu;

/** Text that no spreadsheet runs: an apostrophe stands where a formula could begin. Taking it away gives the text back. */
export const neutralise = (text: string): string => text.replace(formulaBegins, "'");

/** A cell of RFC 4180 that no spreadsheet takes for a formula. */
export const csvCell = (text: string): string => {
  const safe = neutralise(text);
  return /[",;|\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
