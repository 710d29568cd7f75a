import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { IamBenchOptions, IamFigures } from './measure.ts';

/** The heap that the run has to do with, as a small function would give it, MB. Without a limit V8 collects late. */
const heap = ['--max-old-space-size=80', '--max-semi-space-size=2'];

/** Runs the enforcer in a process of its own, and hands on its figures. */
export const benchIam = async (
  progress: (line: string) => void,
  { users = 5_000 }: IamBenchOptions = {},
): Promise<IamFigures> => {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  const child = spawn(process.execPath, [...heap, script, String(users)], { stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface({ input: child.stderr }).on('line', progress);
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const printed = await text(child.stdout);
  const code = await exit;
  if (code !== 0) throw new Error(`the measured process ended with ${code}`);
  return JSON.parse(printed) as IamFigures;
};
