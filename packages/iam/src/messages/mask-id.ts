/** What is shown at each end. */
const shown = 4;

/**
 * An id of a credential as people are shown it, `AKIA…7Q2X`: enough to find it among one's own, not enough to be found by
 * it. What is too short to hide anything between the ends is hidden.
 */
export const maskId = (id: string): string => {
  const characters = [...id];
  if (characters.length < 3 * shown) return '…';
  return `${characters.slice(0, shown).join('')}…${characters.slice(-shown).join('')}`;
};
