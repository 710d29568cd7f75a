import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMessage } from '../testing/any-message.ts';
import { checkChatbotNotification } from './check-notification.ts';
import { defaultCaps } from './limits.ts';
import { renderChatbotNotification } from './render.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const patience = 10_000 + 100 * numRuns;

const stringsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsOf)
      : [];

describe('any message', () => {
  it(
    'N12, N14: is a notification that the service shows, within the caps',
    () => {
      fc.assert(
        fc.property(anyMessage, fc.constantFrom('slack', 'teams', undefined), (message, client) => {
          const rendered = renderChatbotNotification(message, client === undefined ? {} : { client });
          expect(checkChatbotNotification(rendered)).toBeUndefined();
          const { title, description, nextSteps = [] } = rendered.content;
          expect(title.length).toBeLessThanOrEqual(defaultCaps.title);
          expect(description.length).toBeLessThanOrEqual(defaultCaps.description);
          expect(nextSteps.length).toBeLessThanOrEqual(defaultCaps.nextSteps);
          for (const step of nextSteps) expect(step.length).toBeLessThanOrEqual(defaultCaps.nextStep);
        }),
        { numRuns },
      );
    },
    patience,
  );

  it(
    'N12: holds no mention, link or formatting of anybody else',
    () => {
      fc.assert(
        fc.property(anyMessage, fc.constantFrom('slack', 'teams'), (message, client) => {
          for (const text of stringsOf({ ...renderChatbotNotification(message, { client }), metadata: {} })) {
            const ours = client === 'slack' ? /<https:\/\/[^|<>\s]+\|[^|<>]+>/g : /\[[^[\]]+\]\(https:\/\/[^()\s]+\)/g;
            const rest = text.replace(ours, '');
            expect(rest).not.toMatch(/[<>]|:\/\/|evil\.example|\]\(|@(here|everyone|channel)/);
            expect(rest).not.toMatch(/[*~`](?!\u2060)|(?<!\u2060)[*~`]/);
            expect(rest).not.toMatch(/[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u);
          }
        }),
        { numRuns },
      );
    },
    patience,
  );
});
