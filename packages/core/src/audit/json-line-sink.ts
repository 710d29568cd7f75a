import { stringifyJson } from '../json.ts';
import type { AuditSink } from './record.ts';

/** Where the lines go. */
export interface JsonLineSinkOptions {
  /** Takes one line, its line feed included; default: the standard output, which Lambda sends to CloudWatch Logs. */
  readonly write?: (line: string) => void | Promise<void>;
}

/**
 * Writes each audit record as one line of JSON.
 * @example
 * ```ts
 * import { createJsonLineSink } from '@remedykit/core';
 * const audit = createJsonLineSink();
 * ```
 */
export const createJsonLineSink = ({
  write = (line) => void process.stdout.write(line),
}: JsonLineSinkOptions = {}): AuditSink => {
  return (record) => write(`${stringifyJson(record)}\n`);
};
