import type { SeverityBand } from '@remedykit/core';

/** Least severe first. */
export const severityOrder: readonly SeverityBand[] = ['low', 'medium', 'high', 'critical'];

/** The worse of two bands. */
export const worse = (one: SeverityBand, other: SeverityBand): SeverityBand =>
  severityOrder.indexOf(one) >= severityOrder.indexOf(other) ? one : other;
