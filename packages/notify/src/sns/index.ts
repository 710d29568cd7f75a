export type { SnsAttribute } from './attributes.ts';
export { snsLimits } from './limits.ts';
export { createSnsNotifier, type SnsNotifierOptions } from './notifier.ts';
export { renderSnsMessage, type SnsPayload } from './render.ts';
