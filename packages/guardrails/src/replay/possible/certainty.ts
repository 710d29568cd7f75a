/** What can be said of something that the event shows in part. */
export type Certainty = 'yes' | 'no' | 'maybe';

/** All of them must hold. */
export const every = (parts: readonly Certainty[]): Certainty => {
  if (parts.includes('no')) return 'no';
  return parts.includes('maybe') ? 'maybe' : 'yes';
};

/** One of them must hold. */
export const some = (parts: readonly Certainty[]): Certainty => {
  if (parts.includes('yes')) return 'yes';
  return parts.includes('maybe') ? 'maybe' : 'no';
};

/** The opposite. */
export const not = (part: Certainty): Certainty => (part === 'maybe' ? 'maybe' : part === 'yes' ? 'no' : 'yes');

/** A yes or a no. */
export const certain = (holds: boolean): Certainty => (holds ? 'yes' : 'no');
