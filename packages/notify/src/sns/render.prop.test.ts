import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMessage } from '../testing/any-message.ts';
import { createFakeSns } from '../testing/sns-server.ts';
import { createSnsNotifier } from './notifier.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

describe('any message', () => {
  it(
    'N11, N14, N15: is taken by SNS with a subject of one line, and without a link but its own',
    async () => {
      const client = createFakeSns();
      const topicArn = 'arn:aws:sns:eu-west-1:111122223333:alerts';
      await fc.assert(
        fc.asyncProperty(anyMessage, fc.constantFrom(1024, 4096, 65_536), async (message, maxBytes) => {
          client.reset();
          const sns = createSnsNotifier({ client, topicArn, maxBytes });
          expect(await sns.notify(message)).toMatchObject({ status: 'delivered' });
          const [sent] = client.published;
          expect(sent?.subject).toMatch(/^\[[A-Z]+\][\x20-\x7e]*$/);
          expect(sent?.subject).not.toMatch(/:\/\/|evil\.example|@[a-z]/i);
          expect(sent?.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\r]|\p{Cs}/u);
          const withoutLinks = sent?.text.replace(/(^ {3}|: )https:\/\/\S+$/gm, '');
          expect(withoutLinks).not.toMatch(/:\/\/|evil\.example/);
        }),
        { numRuns },
      );
    },
    10_000 + 100 * numRuns,
  );
});
