import { isRemediationError } from '@remedykit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from './json-text.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const messageFor = (text: string): string => {
  try {
    parseJsonText(text, 'The text');
  } catch (error) {
    if (isRemediationError(error)) return error.message;
    throw error;
  }
  return 'no error';
};

describe('parseJsonText', () => {
  it('finds a control character wherever it stands', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, seed) => {
        const at = seed % (json.length + 1);
        const broken = `${json.slice(0, at)}\u0000${json.slice(at)}`;
        // Inside a number or a literal the token before it is complete or ends early, so the place is at or before it.
        const position = Number(/position (\d+)/.exec(messageFor(broken))?.[1]);
        expect(position).toBeLessThanOrEqual(at);
        expect(position).toBeGreaterThanOrEqual(at - 5);
      }),
      { numRuns },
    );
  });

  it('agrees with the engine wherever the engine names a position', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('}', ']', ',', ':', '"', 'x', '\n'), (json, seed, extra) => {
        const at = seed % (json.length + 1);
        const broken = `${json.slice(0, at)}${extra}${json.slice(at)}`;
        const engine = (() => {
          try {
            JSON.parse(broken);
          } catch (error) {
            return /position (\d+)/.exec(String(error))?.[1];
          }
          return undefined;
        })();
        fc.pre(engine !== undefined);
        // An incomplete number or literal is reported by the engine inside, by us where it begins.
        const ours = Number(/position (\d+)/.exec(messageFor(broken))?.[1]);
        expect(ours).toBeLessThanOrEqual(Number(engine));
        expect(ours).toBeGreaterThanOrEqual(Number(engine) - 5);
      }),
      { numRuns },
    );
  });

  it('takes what JSON.parse takes', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(parseJsonText(json, 'The text')).toEqual(JSON.parse(json));
      }),
      { numRuns },
    );
  });
});
