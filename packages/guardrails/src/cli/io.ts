import { RemediationError } from '@remedykit/core';

/** Where a command reads and writes. */
export interface Io {
  /** Results; one JSON object with `--json`. */
  readonly out: (line: string) => void;
  /** What people should know beside. */
  readonly err: (line: string) => void;
}

/** How a command ended: `0` fine, `1` something was found, `2` it was used wrongly or could not do its work. */
export type ExitCode = 0 | 1 | 2;

/** The command was used wrongly: what, and what to do. */
export const misuse = (message: string, cause?: unknown): RemediationError =>
  new RemediationError({ code: 'CLI_MISUSE', message, cause });

/** `1 policy`, `2 policies`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
