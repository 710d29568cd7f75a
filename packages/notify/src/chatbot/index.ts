export { checkChatbotNotification } from './check-notification.ts';
export type { ChatbotCaps } from './limits.ts';
export type { ChatbotNotification } from './notification.ts';
export { type ChatbotNotifierOptions, createChatbotNotifier } from './notifier.ts';
export { type ChatbotRendering, renderChatbotNotification } from './render.ts';
