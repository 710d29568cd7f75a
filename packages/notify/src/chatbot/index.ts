export type { PolicyDocument, PolicyStatement } from '../permissions/policy.ts';
export type { TopicPermissionOptions } from '../sns/permissions.ts';
export { checkChatbotNotification } from './check-notification.ts';
export type { ChatbotCaps } from './limits.ts';
export type { ChatbotNotification } from './notification.ts';
export { type ChatbotNotifierOptions, createChatbotNotifier } from './notifier.ts';
export { chatbotPermissions } from './permissions.ts';
export { type ChatbotRendering, renderChatbotNotification } from './render.ts';
