import type { Message } from './message.ts';

/** What became of one message. */
export type Delivery =
  | { readonly status: 'delivered'; readonly channel: string; readonly messageId?: string }
  /** Not accepted now (rate limit, network, 5xx); the same message may be sent again after `retryAfterMs`. */
  | {
      readonly status: 'deferred';
      readonly channel: string;
      readonly reason: string;
      readonly retryAfterMs: number;
      /** True when it is stored and will be delivered later: nobody else needs to send it again. */
      readonly kept?: boolean;
    }
  /** Refused for good; sending it again does not help. */
  | {
      readonly status: 'rejected';
      readonly channel: string;
      readonly reason: string;
      /** True when the message that was to be updated or answered is no more, so that a new one is called for. */
      readonly gone?: boolean;
    }
  /** There was nothing to say. */
  | { readonly status: 'nothing'; readonly channel: string };

/** Options of one delivery. */
export interface NotifyOptions {
  /** Milliseconds left to the caller; waiting and retrying end before that. */
  readonly remainingTimeMs?: () => number;
}

/**
 * The port that delivers a `Message`. It resolves with what became of the message and never throws for a channel that
 * fails: a notification can neither undo nor block a remediation. Pass deliveries to `assertComplete` to have what was
 * deferred retried.
 */
export interface Notifier {
  notify(message: Message | undefined, options?: NotifyOptions): Promise<Delivery>;
  /** Checks what can be checked before the first message (sandbox, permissions); absent where there is nothing. */
  preflight?(): Promise<void>;
}

/** A notifier whose channel can change what was said: `messageId` is that of the delivery. */
export interface UpdatableNotifier extends Notifier {
  /** Puts the message in the place of an earlier one, which notifies nobody. */
  update(messageId: string, message: Message, options?: NotifyOptions): Promise<Delivery>;
  /** Says the message below an earlier one. */
  reply(messageId: string, message: Message, options?: NotifyOptions): Promise<Delivery>;
}
