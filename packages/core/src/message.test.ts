import { expect, it } from 'vitest';
import { severityBand, untrusted } from './message.ts';

it.each([
  [0, 'low'],
  [3.9, 'low'],
  [4, 'medium'],
  [6.9, 'medium'],
  [7, 'high'],
  [8.9, 'high'],
  [9, 'critical'],
  [10, 'critical'],
] as const)('severity %d is %s', (severity, band) => expect(severityBand(severity)).toBe(band));

it('untrusted text is no string, so it cannot slip into a payload', () => {
  expect(untrusted('<!channel>')).toEqual({ untrusted: '<!channel>' });
  expect(String(untrusted('<!channel>'))).not.toContain('channel');
});
