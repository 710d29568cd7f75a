import { RemediationError } from '../errors.ts';

/** `dry-run` plans and tells, `enforce` acts. */
export type Mode = 'dry-run' | 'enforce';

/** One mode for all, or a function from the target to its mode, so that a roll-out can go account by account. */
export type ModeOption<Target> = Mode | ((target: Target) => Mode | Promise<Mode>);

const isMode = (value: unknown): value is Mode => value === 'dry-run' || value === 'enforce';

/**
 * The mode for one target. There is no default: what cannot be read as a mode is an error, so nothing is done.
 * @throws RemediationError `MODE_INVALID` when the option or what its function returned is no mode, or the function threw
 */
export const resolveMode = async <Target>(option: ModeOption<Target>, target: Target): Promise<Mode> => {
  let mode: unknown;
  try {
    mode = typeof option === 'function' ? await option(target) : option;
  } catch (cause) {
    throw new RemediationError({
      code: 'MODE_INVALID',
      message: `The mode function threw for ${JSON.stringify(target)}; nothing is done without a mode.`,
      cause,
    });
  }
  if (isMode(mode)) return mode;
  throw new RemediationError({
    code: 'MODE_INVALID',
    message: `mode must be 'dry-run' or 'enforce', or a function that returns one of them; for ${JSON.stringify(target)} it is ${JSON.stringify(mode)}.`,
  });
};
