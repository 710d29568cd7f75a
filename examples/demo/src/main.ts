// `pnpm demo`: the main job end to end. See README.md.
import { summarizeError } from '@remedykit/core';
import { readArguments, runDemo } from './run-demo.ts';
import { createShow, silentShow } from './show.ts';

try {
  const { json, ...asked } = readArguments(process.argv.slice(2));
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const show = json ? silentShow : createShow((line) => console.log(line), colours);
  const report = await runDemo(asked, show, process.env);
  if (json) console.log(JSON.stringify(report, null, 2));
} catch (error) {
  const { code, message } = summarizeError(error);
  console.error(`${code}: ${message}`);
  process.exitCode = code.startsWith('DEMO_') ? 2 : 1;
}
