import { isRemediationError, type Json, toJson } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledgerKey } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import { sampleClaim, sampleLedger, sampleLedgerId, sampleSlot, sampleUnplaced } from './sample-ledger.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const key = ledgerKey(sampleLedgerId);
const good = toJson(
  sampleLedger({
    slots: [sampleSlot(), sampleClaim(1_000, { ruleNumber: 11 })],
    unplaced: [sampleUnplaced()],
    suppressions: [{ cidr: '::/0', reason: 'r', requestedBy: 'a', until: '2026-12-01T00:00:00.000Z' }],
    writes: { bucketMs: 300_000, buckets: [{ start: '2026-11-24T10:00:00.000Z', count: 1 }] },
    denies: { bucketMs: 3_600_000, buckets: [{ start: '2026-11-24T10:00:00.000Z', count: 1 }] },
    history: [{ cidr: '198.51.100.8/32', blocks: 1, endedAt: '2026-11-20T10:00:00.000Z' }],
    vanishings: [{ cidr: '198.51.100.9/32', at: '2026-11-24T09:00:00.000Z' }],
    contested: { since: '2026-11-24T09:00:00.000Z', until: '2026-11-25T09:00:00.000Z', because: 'b' },
    notices: [{ about: 'flood', at: '2026-11-24T09:00:00.000Z' }],
  }),
);

/** Every place in a document, by its keys from the root on. */
const placesOf = (value: Json | undefined, at: readonly string[] = []): (readonly string[])[] =>
  typeof value !== 'object' || value === null
    ? [at]
    : [at, ...Object.entries(value).flatMap(([name, child]) => placesOf(child as Json, [...at, name]))];

const replaced = (value: Json | undefined, [name, ...rest]: readonly string[], by: Json): Json => {
  if (name === undefined) return by;
  const copy = structuredClone(value) as Record<string, Json>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
};

const hostile = fc.oneof(
  fc.jsonValue().map((value) => value as Json),
  fc.constantFrom<Json>(
    -1,
    0,
    1e308,
    4_294_967_296,
    '',
    '__proto__',
    '1.2.3',
    '::/129',
    '2026-02-31T00:00:00Z',
    '9999-99-99T00:00:00Z',
    [],
    {},
    null,
  ),
);

it('takes a document for a ledger or says with a code why not, whatever stands in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...placesOf(good)), hostile), { minLength: 1, maxLength: 3 }),
      (changes) => {
        let document: Json = good;
        for (const [place, by] of changes) {
          if (placesOf(document).some((known) => known.join() === place.join()))
            document = replaced(document, place, by);
        }
        try {
          const ledger = parseLedger(document, key);
          // What passes is what was stored, and every time in it can be compared.
          expect(toJson(ledger)).toEqual(document);
          for (const slot of ledger.slots) {
            for (const time of [
              slot.expiresAt,
              slot.writtenAt,
              slot.firstBlockedAt,
              slot.lastSeen,
              slot.lease?.until ?? slot.expiresAt,
            ])
              expect(Date.parse(time)).not.toBeNaN();
          }
        } catch (error) {
          if (!isRemediationError(error)) throw error;
          expect(['LEDGER_INVALID', 'LEDGER_NEWER']).toContain(error.code);
        }
      },
    ),
    { numRuns: numRuns * 5 },
  );
});
