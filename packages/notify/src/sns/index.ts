export type { PolicyDocument, PolicyStatement } from '../permissions/policy.ts';
export type { SnsAttribute } from './attributes.ts';
export { snsLimits } from './limits.ts';
export { createSnsNotifier, type SnsNotifierOptions } from './notifier.ts';
export { snsPermissions, type TopicPermissionOptions } from './permissions.ts';
export { renderSnsMessage, type SnsPayload } from './render.ts';
