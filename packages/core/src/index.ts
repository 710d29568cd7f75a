export { createJsonLineSink, type JsonLineSinkOptions } from './audit/json-line-sink.ts';
export type { AuditRecord, AuditSink, RejectedInput } from './audit/record.ts';
export { type Replay, type ReplayOptions, replay } from './audit/replay.ts';
export { mapConcurrent, type Settled } from './concurrency.ts';
export {
  type ErrorSummary,
  isRemediationError,
  RemediationError,
  type RemediationErrorOptions,
  summarizeError,
} from './errors.ts';
export { type Json, stringifyJson, toJson } from './json.ts';
export {
  type Message,
  type MessageAction,
  type MessageFact,
  type MessageLink,
  type MessageSubject,
  type SeverityBand,
  severityBand,
  type Text,
  type Untrusted,
  untrusted,
} from './message.ts';
export type { Delivery, Notifier, NotifyOptions, UpdatableNotifier } from './notifier.ts';
export { type Observe, type ObservedEvent, silent } from './observe.ts';
export {
  assertComplete,
  type BatchResponse,
  needsRetry,
  type Outcome,
  type StepOutcome,
  toBatchResponse,
} from './outcome.ts';
export { collectPages, type Page } from './paging.ts';
export { partitionOf } from './partition.ts';
export type { Decider, Deciders, Plan, Reason, RefusedStep, Step } from './plan.ts';
export { type RetryEvent, type RetryOptions, retry } from './retry.ts';
export { type PlanRun, previewPlan, type RunPlanOptions, runPlan, type StepResult } from './run-plan.ts';
export {
  type ControlReader,
  type ControlReaderOptions,
  type ControlState,
  createControlReader,
  pausedFor,
  suppressionsAt,
  type WriteKind,
} from './safety/control.ts';
export {
  type ControlDocument,
  controlKey,
  type Pause,
  type PauseScope,
  type Suppression,
} from './safety/control-document.ts';
export { allowance, type Limit } from './safety/limits.ts';
export { type Mode, type ModeOption, resolveMode } from './safety/mode.ts';
export { type PauseRequest, pause, type ResumeRequest, resume } from './safety/pause.ts';
export { pauseMessage } from './safety/pause-message.ts';
export type { Author } from './safety/request.ts';
export { addSuppressions } from './safety/suppression.ts';
export { addToWindow, countWithin, emptyWindow, type RollingWindow, remainingWithin } from './safety/window.ts';
export { createMemoryStore } from './state/memory.ts';
export type { StateStore, Stored, StoredPage, WriteResult } from './state/store.ts';
export {
  addTo,
  type Clock,
  type Duration,
  days,
  hours,
  type Instant,
  minutes,
  seconds,
  systemClock,
  toInstant,
} from './time.ts';
