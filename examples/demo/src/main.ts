// `pnpm demo`: the main job end to end. See README.md.
import { parseArgs } from 'node:util';
import { RemediationError, summarizeError } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { startPerformance } from './performance.ts';
import type { Report } from './report.ts';
import { createShow, type Show, silentShow } from './show.ts';
import { setEmbeddedStage } from './stage-embedded.ts';
import { runStory, storyStart } from './story.ts';

const readArguments = (args: readonly string[]) => {
  try {
    const options = { json: { type: 'boolean' }, findings: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const message = `${cause instanceof Error ? cause.message : String(cause)} Usage: demo [--json] [--findings <file or folder>]`;
    throw new RemediationError({ code: 'DEMO_ARGUMENTS', message, cause });
  }
};

const tellStory = async (show: Show): Promise<Report> => {
  const clock = createTestClock(storyStart);
  const { stage, scene } = await setEmbeddedStage(clock.now);
  const performance = await startPerformance(stage, clock.now);
  try {
    return await runStory({ stage, scene, performance, clock, show });
  } finally {
    await performance.close();
  }
};

const main = async (): Promise<void> => {
  const { json = false } = readArguments(process.argv.slice(2));
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const show = json ? silentShow : createShow((line) => console.log(line), colours);
  const report = await tellStory(show);
  if (json) console.log(JSON.stringify(report, null, 2));
};

try {
  await main();
} catch (error) {
  const { code, message } = summarizeError(error);
  console.error(`${code}: ${message}`);
  process.exitCode = code.startsWith('DEMO_') ? 2 : 1;
}
