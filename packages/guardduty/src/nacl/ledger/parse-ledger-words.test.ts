import { expect, it } from 'vitest';
import { ledgerKey, sameMatch } from './ledger.ts';
import { parseLedger } from './parse-ledger.ts';
import { sampleLedger, sampleLedgerId, sampleSlot } from './sample-ledger.ts';

const key = ledgerKey(sampleLedgerId);
const read = (value: unknown) => () => parseLedger(JSON.parse(JSON.stringify(value)), key);

it('says where a stored ledger does not fit its schema', () => {
  expect(read(sampleLedger({ slots: [sampleSlot({ hits: -1 })] }))).toThrow(
    /does not fit its schema at slots\.0\.hits\./,
  );
  expect(read('text')).toThrow('does not fit its schema at (root).');
});

it.each(['198.51.100.7', '198.51.100.7/24', 'not an address'])(
  'refuses %s, which would never match what EC2 shows',
  (cidr) => {
    expect(read(sampleLedger({ slots: [sampleSlot({ cidr })] }))).toThrow(
      expect.objectContaining({ code: 'LEDGER_INVALID' }),
    );
  },
);

it('all ports are the same as all ports, and no single one', () => {
  const { ports: _, ...all } = sampleSlot();
  expect(sameMatch(all, { ...all })).toBe(true);
  expect(sameMatch(all, sampleSlot())).toBe(false);
  expect(sameMatch(sampleSlot(), all)).toBe(false);
});
