import type { Message, SeverityBand } from '@remedykit/core';

/** How a severity band looks, on every channel the same: a sign and a word as well as a colour, which not everybody sees. */
export interface BandLook {
  readonly sign: string;
  readonly word: string;
  /** `#rrggbb`. */
  readonly colour: string;
}

const looks: Readonly<Record<SeverityBand, BandLook>> = {
  critical: { sign: '🚨', word: 'CRITICAL', colour: '#8e1b3a' },
  high: { sign: '🔴', word: 'HIGH', colour: '#d13212' },
  medium: { sign: '🟠', word: 'MEDIUM', colour: '#e07b00' },
  low: { sign: '🟡', word: 'LOW', colour: '#c9a800' },
};

const resolved: BandLook = { sign: '✅', word: 'RESOLVED', colour: '#2b8a3e' };

/** The look of a message: that of its band, or that of what is over. */
export const lookOf = ({ severity, status }: Pick<Message, 'severity' | 'status'>): BandLook =>
  status === 'resolved' ? resolved : looks[severity];

/** How a preview is marked. */
export const previewMark = 'PREVIEW – nothing was changed';
