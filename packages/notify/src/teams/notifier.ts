import type { Notifier } from '@remedykit/core';
import { RemediationError, systemClock } from '@remedykit/core';
import { createDeliverer, type DeliveryOptions } from '../delivery/deliver.ts';
import { postOnce } from '../delivery/post.ts';
import { checkSecret, type Secret, sendWithSecret } from '../delivery/secret.ts';
import { teamsPace } from './limits.ts';
import { readTeamsAnswer } from './read-answer.ts';
import { renderTeamsMessage, type TeamsEnvelope } from './render.ts';
import { parseWebhookUrl } from './webhook-url.ts';

/** Options of `createTeamsNotifier`. */
export interface TeamsNotifierOptions extends DeliveryOptions {
  /** URL of a workflow's webhook, `sig` included, a secret, or where it is kept. It appears in no result, error or log. */
  readonly webhookUrl: Secret;
  /**
   * What the flow takes. `message`, the default: a message with the card attached, as the template "Post to a channel when
   * a webhook request is received" takes it. `card`: the card alone, for a flow that posts the request's body as a card.
   */
  readonly envelope?: TeamsEnvelope;
  /** Hosts besides Microsoft's own (a proxy, a national cloud, a test server), exactly as in the URL: `host` or `host:port`. */
  readonly allowedHosts?: readonly string[];
  readonly fetch?: typeof fetch;
}

const channel = 'teams';
const where = 'createTeamsNotifier';

/** The run of the workflow, by which its history is searched. */
const runIdOf = (response: Response): string | undefined => {
  const id = response.headers.get('x-ms-workflow-run-id');
  return id !== null && /^[A-Za-z0-9_-]{1,100}$/.test(id) ? id : undefined;
};

/**
 * A notifier that posts Adaptive Cards to Microsoft Teams through a workflow's webhook (Office 365 connectors are retired).
 *
 * `delivered` means that the workflow took the message (HTTP 202). Whether it posts the card, Teams tells nobody but the
 * workflow's run history; `messageId` is the run's id there. A card that is too large or malformed is dropped at that
 * stage in silence, so cards stay within 20 KiB and the few elements that every client shows.
 *
 * `notify` never throws. 429, 408, 5xx, timeouts and network errors are tried again within the time that is left,
 * honouring `Retry-After`, then `deferred`; after a timeout or a 5xx the workflow may have run, see `whenUnsure`.
 * Everything else is `rejected`, with the error code of the workflow.
 * @throws RemediationError `TEAMS_URL_INVALID`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { createTeamsNotifier } from '@remedykit/notify/teams';
 * const teams = createTeamsNotifier({ webhookUrl: process.env.TEAMS_WEBHOOK_URL ?? '' });
 * ```
 */
export const createTeamsNotifier = (options: TeamsNotifierOptions): Notifier => {
  const { webhookUrl, envelope = 'message', allowedHosts, now = systemClock } = options;
  if (envelope !== 'message' && envelope !== 'card')
    throw new RemediationError({ code: 'OPTION_INVALID', message: `${where}: envelope must be 'message' or 'card'.` });
  const parse = (secret: string): URL => parseWebhookUrl(secret, allowedHosts);
  checkSecret(where, 'webhookUrl', webhookUrl, parse);
  const transport = options.fetch ?? fetch;
  const deliver = createDeliverer({ where, channel, options, pace: teamsPace });

  return {
    notify: async (message, notifyOptions) => {
      if (message === undefined) return { status: 'nothing', channel };
      return deliver(() => {
        const body = JSON.stringify(renderTeamsMessage(message, envelope));
        return sendWithSecret(webhookUrl, parse, (url, { signal }) => {
          let runId: string | undefined;
          const send: typeof fetch = async (...request) => {
            const response = await transport(...request);
            runId = runIdOf(response);
            return response;
          };
          return postOnce({
            url,
            body,
            signal,
            fetch: send,
            now,
            read: (answer) => readTeamsAnswer(answer, url, runId),
          });
        });
      }, notifyOptions);
    },
  };
};
