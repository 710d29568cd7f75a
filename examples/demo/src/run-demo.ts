import { parseArgs } from 'node:util';
import { RemediationError } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { readDocuments } from './documents.ts';
import { type Performance, startPerformance } from './performance.ts';
import { replayDocuments } from './replay-documents.ts';
import type { Report } from './report.ts';
import type { Show } from './show.ts';
import { setDocumentStage } from './stage-documents.ts';
import { setEmbeddedStage } from './stage-embedded.ts';
import { setEndpointStage } from './stage-endpoint.ts';
import { runStory, storyStart } from './story.ts';

/** What the command line asks for. */
export interface DemoArguments {
  readonly json: boolean;
  /** File or folder; absent: the story. */
  readonly findings?: string;
}

const usage = 'Usage: demo [--json] [--findings <file or folder>]';

/**
 * Reads the command line.
 * @throws RemediationError `DEMO_ARGUMENTS`
 */
export const readArguments = (args: readonly string[]): DemoArguments => {
  try {
    const options = { json: { type: 'boolean', default: false }, findings: { type: 'string' } } as const;
    const { json, findings } = parseArgs({ args: [...args], options }).values;
    if (findings === '') throw new Error('--findings needs a file or folder.');
    return { json, ...(findings === undefined ? {} : { findings }) };
  } catch (cause) {
    const message = `${cause instanceof Error ? cause.message : String(cause)} ${usage}`;
    throw new RemediationError({ code: 'DEMO_ARGUMENTS', message, cause });
  }
};

const closing = async (performance: Performance, play: () => Promise<Report>): Promise<Report> => {
  try {
    return await play();
  } finally {
    await performance.close();
  }
};

const tellStory = async (show: Show, env: NodeJS.ProcessEnv, onStage: OnStage): Promise<Report> => {
  const clock = createTestClock(storyStart);
  const endpoint = env.AWS_ENDPOINT_URL;
  const { stage, scene } = endpoint ? await setEndpointStage(endpoint, env) : await setEmbeddedStage(clock.now);
  const performance = await startPerformance(stage, clock.now);
  onStage(performance);
  return closing(performance, () => runStory({ stage, scene, performance, clock, show }));
};

const replay = async (path: string, show: Show, onStage: OnStage): Promise<Report> => {
  const clock = createTestClock(storyStart);
  const documents = readDocuments(path);
  const set = await setDocumentStage(documents, clock.now);
  const performance = await startPerformance(set.stage, clock.now);
  onStage(performance);
  return closing(performance, () => replayDocuments({ documents, ...set, performance, clock, show }));
};

/** Sees the parts before the curtain rises, for tests. */
type OnStage = (performance: Performance) => void;

/**
 * Runs the demo: the story, or documents through the same handler.
 * @throws RemediationError `DEMO_FINDINGS_ON_ENDPOINT` where both documents and an endpoint are given,
 * `DEMO_FINDINGS_MISSING`, `DEMO_ENDPOINT`
 */
export const runDemo = async (
  { findings }: Omit<DemoArguments, 'json'>,
  show: Show,
  env: NodeJS.ProcessEnv,
  onStage: OnStage = () => {},
): Promise<Report> => {
  if (findings === undefined) return tellStory(show, env, onStage);
  if (!env.AWS_ENDPOINT_URL) return replay(findings, show, onStage);
  throw new RemediationError({
    code: 'DEMO_FINDINGS_ON_ENDPOINT',
    message: '--findings replays documents on embedded parts alone: unset AWS_ENDPOINT_URL, or leave --findings out.',
  });
};
