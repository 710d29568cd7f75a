export type { PagerDutyAction, PagerDutyEvent, PagerDutySeverity } from './event.ts';
export { pagerDutyLimits } from './limits.ts';
export { createPagerDutyNotifier, type PagerDutyNotifierOptions } from './notifier.ts';
export { type PagerDutyRendering, pagerDutySeverities, renderPagerDutyEvent } from './render.ts';
