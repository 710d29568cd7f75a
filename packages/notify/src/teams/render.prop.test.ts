import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMessage } from '../testing/any-message.ts';
import { checkTeamsCard, checkTeamsMessage } from '../testing/teams-server-card.ts';
import { teamsBudget } from './limits.ts';
import { renderTeamsMessage } from './render.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const patience = 10_000 + 100 * numRuns;

/** Every string anywhere in a payload, with its key. */
const stringsOf = (value: unknown, key = ''): [string, string][] =>
  typeof value === 'string'
    ? [[key, value]]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([inner, held]) => stringsOf(held, inner))
      : [];

describe('any message', () => {
  it(
    'N12, N14, N22: is a card that Teams shows, within the budget, in both envelopes',
    () => {
      fc.assert(
        fc.property(anyMessage, (message) => {
          const envelope = renderTeamsMessage(message);
          expect(checkTeamsMessage(envelope)).toBeUndefined();
          expect(checkTeamsCard(renderTeamsMessage(message, 'card'))).toBeUndefined();
          expect(Buffer.byteLength(JSON.stringify(envelope))).toBeLessThanOrEqual(teamsBudget.bytes);
        }),
        { numRuns },
      );
    },
    patience,
  );

  it(
    'N12: holds no mention, expression, hidden character or link but its own',
    () => {
      fc.assert(
        fc.property(anyMessage, (message) => {
          for (const [key, text] of stringsOf(renderTeamsMessage(message))) {
            if (key === 'url' || key === '$schema') continue;
            expect(text).not.toMatch(/<at|\{\{|[$@]\{|(?!\n)\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u);
            // Links of ours are Markdown in a TextBlock, encoded.
            const withoutLinks = text.replace(/^\[Open\]\(https:\/\/[^()[\]<>"\s]+\)$/, '');
            expect(withoutLinks).not.toMatch(/:\/\/|evil\.example/);
          }
        }),
        { numRuns },
      );
    },
    patience,
  );
});
