export type { DrainOptions, DrainOutcome } from './outbox/drain.ts';
export { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts';
export type { OutboxStatus } from './outbox/status.ts';
