/** A table about AWS, with its day and where it is from: AWS changes, and a table without a date cannot be judged. */
export interface Dated<T> {
  /** Rises with each change of the table. */
  readonly version: number;
  /** The day on which it was compared with its source, `2026-11-24`. */
  readonly asOf: string;
  readonly source: string;
  readonly data: T;
}
