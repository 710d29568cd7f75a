import type { Pace } from '../delivery/pace.ts';

/**
 * What we put into a custom notification at most. The service documents no lengths, and what it will not show it drops
 * without a word, so these stay below what Slack (3,000 characters of text) and Teams show in one piece.
 */
export interface ChatbotCaps {
  /** Characters. */
  readonly title: number;
  /** Characters. */
  readonly description: number;
  readonly nextSteps: number;
  /** Characters of one step. */
  readonly nextStep: number;
  readonly keywords: number;
  /** Characters of one keyword. */
  readonly keyword: number;
}

export const defaultCaps: ChatbotCaps = {
  title: 200,
  description: 2500,
  nextSteps: 5,
  nextStep: 400,
  keywords: 6,
  keyword: 60,
};

/** Beyond these the whole could not be published in one SNS message. */
export const greatestCaps: ChatbotCaps = {
  title: 1000,
  description: 10_000,
  nextSteps: 10,
  nextStep: 1000,
  keywords: 20,
  keyword: 100,
};

/** Bytes of the plain text beside it, as JSON: what subscribers by mail read. */
export const plainTextBytes = 32_768;

/** Nothing is documented; a chat channel takes about one message a second in the long run. */
export const chatbotPace: Pace = { everyMs: 1000, burst: 10 };

/** Characters of a value in `additionalContext` that custom actions can use. Source: API_CustomActionAttachment. */
export const contextValueLength = 1024;
