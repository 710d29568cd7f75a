export { type FanOut, type FanOutDelivery, fanOut } from './fan-out/fan-out.ts';
export type { Route } from './fan-out/route.ts';
export { createFloodControl, type FloodControl, type FloodControlOptions } from './flood/flood-control.ts';
export { createLiveNotifier, type LiveNotifier, type LiveNotifierOptions } from './lifecycle/live-notifier.ts';
export type { ReplyRule } from './lifecycle/merge.ts';
export type { SweepLiveOptions, SweptLive } from './lifecycle/sweep.ts';
export { type AccountContextOptions, withAccountContext } from './links/account-context.ts';
export {
  type ConsolePage,
  type ConsolePlace,
  consoleUrl,
  guardDutyFindingUrl,
  iamUserUrl,
  instanceUrl,
  networkAclUrl,
} from './links/console-url.ts';
export { type IdentityCenter, identityCenterUrl } from './links/identity-center.ts';
export type { DrainOptions, DrainOutcome } from './outbox/drain.ts';
export { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts';
export type { OutboxStatus } from './outbox/status.ts';
export type { StatefulOptions } from './store/stateful.ts';
