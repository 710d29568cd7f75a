/**
 * Something that happened inside a primitive, for metrics and debugging. Names are documented in the core README; data is
 * plain JSON without secrets.
 */
export interface ObservedEvent {
  /** `aws-call`, `conflict`, `retry`, `clock-skew`, … */
  readonly event: string;
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

/** One optional function port; silent by default. It must not throw and is never awaited. */
export type Observe = (event: ObservedEvent) => void;

/** Tells nobody. */
export const silent: Observe = () => {};
