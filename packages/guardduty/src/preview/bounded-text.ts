/** Text of a finding, cut to `most` characters, that holds nothing of the longer text in memory. */
export const boundedText = (text: string, most: number): string =>
  // A slice of a long string keeps the whole of it alive; the round trip makes a copy.
  text.length <= most ? text : Buffer.from(text.slice(0, most)).toString();
