import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './workspace.ts';

/** The tools of the workspace are found whoever started the script. */
const withTools: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter),
};

/** Runs a command of the workspace and shows what it prints. @returns the faults: none, or that it failed */
export const run = (command: string, args: readonly string[], cwd: string = root): string[] => {
  const { status, error } = spawnSync(command, args, { cwd, env: withTools, stdio: 'inherit' });
  if (error) return [`${command}: ${error.message}`];
  return status === 0 ? [] : [`${[command, ...args].join(' ')} ended with ${status}`];
};

/** Runs a command and keeps what it prints. */
export const capture = (
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): { readonly ok: boolean; readonly output: string } => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? withTools,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { ok: status === 0, output: error ? error.message : `${stdout}${stderr}` };
};

/** True in the file that was started, also on a Node without `import.meta.main`. */
export const isMain = (url: string): boolean => process.argv[1] === fileURLToPath(url);
