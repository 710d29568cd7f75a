export type { Markup, PlainText, SlackAttachment, SlackBlock, SlackPayload } from './blocks.ts';
export { slackLimits } from './limits.ts';
export { createSlackNotifier, type SlackNotifierOptions } from './notifier.ts';
export { renderSlackMessage } from './render.ts';
