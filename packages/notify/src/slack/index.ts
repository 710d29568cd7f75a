export type { DeliveryOptions } from '../delivery/deliver.ts';
export type { Secret, SecretSource } from '../delivery/secret.ts';
export { createSlackApiNotifier, type SlackApiNotifierOptions } from './api-notifier.ts';
export type { Markup, PlainText, SlackAttachment, SlackBlock, SlackPayload } from './blocks.ts';
export { slackLimits } from './limits.ts';
export { createSlackNotifier, type SlackNotifierOptions } from './notifier.ts';
export { renderSlackMessage } from './render.ts';
