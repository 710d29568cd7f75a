import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyMessage } from '../testing/any-message.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { boundMessage } from './bound-message.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

it('boundMessage: keeps to the bound, for any message', () => {
  fc.assert(
    fc.property(anyMessage, fc.integer({ min: 2000, max: 60_000 }), (any, maxBytes) => {
      const sane = { ...any, key: any.key.slice(0, 50), subject: {}, at: '' };
      const bounded = boundMessage(sane, maxBytes);
      expect(Buffer.byteLength(JSON.stringify(bounded))).toBeLessThanOrEqual(maxBytes);
      expect(bounded).toMatchObject({ key: sane.key, severity: sane.severity, undone: sane.undone });
    }),
    { numRuns },
  );
});

it('boundMessage: leaves alone what fits, and counts what it leaves out', () => {
  expect(boundMessage(sampleMessage(), 2000)).toEqual(sampleMessage());
  const long = sampleMessage({ body: Array.from({ length: 100 }, () => 'b'.repeat(100)) });
  const { body, facts } = boundMessage(long, 4000);
  expect(facts.at(-1)).toEqual({ label: 'Omitted', value: `… ${100 - body.length} paragraphs omitted` });
});
