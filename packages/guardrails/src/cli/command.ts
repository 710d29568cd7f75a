import { isRemediationError } from '@remedykit/core';
import type { ExitCode, Io } from './io.ts';
import { isOptionError, runCli } from './main.ts';
import { type ReplayWorld, replay } from './replay.ts';

/**
 * Runs one command of the command line. `replay` alone reads more than fits into memory, and so takes its time; all others are done
 * when they return. `process` is not touched: the caller prints and exits.
 * @returns as `runCli`
 */
export const runCommand = async (argv: readonly string[], io: Io, world: ReplayWorld = {}): Promise<ExitCode> => {
  const [name, ...args] = argv;
  if (name !== 'replay') return runCli(argv, io);
  try {
    return await replay(args, io, world);
  } catch (error) {
    if (!isRemediationError(error) && !isOptionError(error)) throw error;
    io.err(error.message);
    return 2;
  }
};
