import { checkChatbotNotification } from '../chatbot/check-notification.ts';
import { parseJson } from '../delivery/post.ts';
import type { PublishedMessage } from './sns-server.ts';

/** What Amazon Q Developer makes of a message of its topic. */
export type ChatbotReading =
  | { readonly shown: true; readonly notification: unknown }
  /** Counted in the metric `UnsupportedEvents`, and shown to nobody. */
  | { readonly shown: false; readonly reason: string };

/**
 * What Amazon Q Developer would make of a message that the fake SNS took: it reads what https subscribers get, shows custom
 * notifications and drops everything else (native AWS events, which it shows too, are not among what notifiers publish).
 */
export const readAsChatbot = ({ https }: Pick<PublishedMessage, 'https'>): ChatbotReading => {
  const notification = parseJson(https);
  const reason = checkChatbotNotification(notification);
  return reason === undefined ? { shown: true, notification } : { shown: false, reason };
};
