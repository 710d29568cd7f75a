import type { Pace } from '../delivery/pace.ts';

/**
 * What Slack accepts in one message, in characters unless named. Sources: Slack's Block Kit reference and the types of
 * slackapi/node-slack-sdk; `total` is not documented by Slack and was measured by users (slackapi/bolt-js#2509).
 */
export const slackLimits = {
  blocks: 50,
  header: 150,
  sectionText: 3000,
  fields: 10,
  fieldText: 2000,
  contextElements: 10,
  contextText: 3000,
  actions: 25,
  buttonText: 75,
  url: 3000,
  blockId: 255,
  /** Slack advises at most 20, and refuses more than 100. */
  attachments: 20,
  /** The `text` beside the blocks; Slack cuts it there. */
  text: 40_000,
  /** All blocks together, as JSON. Beyond it the answer is `msg_blocks_too_long`. */
  total: 13_200,
} as const;

/** What we allow ourselves, where that is less than what Slack accepts. */
export const slackBudget = {
  /** All blocks together, as JSON: clear of a limit that Slack never promised. */
  total: 12_000,
  /** The fallback, shown in notifications and read by screen readers. */
  text: 1000,
  label: 75,
  /** Kept for facts before the body may have the rest. */
  facts: 4000,
  /** Kept for next steps. */
  actions: 3000,
  actionBlocks: 11,
  actionText: 700,
  /** A longer link beside a next step is left out. */
  actionUrl: 1000,
} as const;

/** About one message a second per channel, short bursts allowed. Source: Slack's page on rate limits. */
export const slackPace: Pace = { everyMs: 1000, burst: 5 };
