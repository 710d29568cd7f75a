import type { ClientOption } from './options.ts';
import type { Target } from './outcome.ts';

/** The client for a target, whichever way it was given. */
export const clientFor = <Client extends { send: unknown }>(
  option: ClientOption<Client>,
): ((target: Target) => Client) => (typeof option === 'function' ? option : () => option);
