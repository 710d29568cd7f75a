import { readFile, writeFile } from 'node:fs/promises';
import { type Clock, isRemediationError, RemediationError } from '@remedykit/core';
import type { AddressRanges } from '../gate/address-ranges.ts';
import { awsRangesSnapshot } from '../gate/aws-ranges/snapshot.ts';
import { type FindingsSource, readFindings } from '../parse/read-findings.ts';
import { createPreview } from '../preview/create-preview.ts';
import { previewHtml } from '../preview/html/page.ts';
import { previewText } from '../preview/text.ts';
import { counted } from '../preview/words.ts';
import { parseAllowList } from './allow-list.ts';
import { type PreviewArguments, readArguments, usage } from './arguments.ts';

/** What the command line has to do with the world. */
export interface CliWorld {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  out(text: string): void;
  /** Progress and errors. */
  err(text: string): void;
  readonly now: Clock;
  /** For tests alone. */
  readonly addressRanges?: AddressRanges;
}

/** Exit codes: all was read and said; something could not be read or written; it was called wrongly. */
export type ExitCode = 0 | 1 | 2;

const calledWrongly = ['PREVIEW_USAGE', 'PREVIEW_OPTION_INVALID', 'ALLOW_LIST_INVALID'];

/** What the file system says, as far as it helps. */
const whyNot = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';

const readAllowList = async (file: string): Promise<string[]> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RemediationError({
      code: 'ALLOW_LIST_UNREADABLE',
      message: `${file} cannot be read${whyNot(cause)}. Nothing was previewed.`,
      cause,
    });
  });
  return parseAllowList(text, file);
};

const writePage = async (file: string, page: string): Promise<void> => {
  await writeFile(file, page).catch((cause: unknown) => {
    throw new RemediationError({
      code: 'PREVIEW_UNWRITABLE',
      message: `${file} cannot be written${whyNot(cause)}.`,
      cause,
    });
  });
};

/** Says how far it is, once a second at most, and nothing where it is quick. */
const createProgress = ({ err, now }: CliWorld) => {
  const started = now().getTime();
  let said = started + 1_000;
  const say = (what: string): void => {
    const at = now().getTime();
    if (at - said < 1_000) return;
    said = at;
    err(`${what} in ${Math.round((at - started) / 1000)} s\n`);
  };
  return {
    read(findings: number): void {
      // The clock is not asked for each finding.
      if (findings % 500 === 0) say(`${counted(findings, 'finding', 'findings')} read`);
    },
    /** What follows is silent. */
    playing(findings: number): void {
      if (said > started + 1_000) err(`${counted(findings, 'finding', 'findings')} read; playing them day by day\n`);
    },
  };
};

const preview = async (args: PreviewArguments, world: CliWorld): Promise<ExitCode> => {
  const { source, json, htmlFile, allowListFile, ...options } = args;
  const allowList = allowListFile === undefined ? [] : await readAllowList(allowListFile);
  const { addressRanges, now } = world;
  const awsRanges = await awsRangesSnapshot();
  const found = createPreview({ ...options, allowList, awsRanges, now, ...(addressRanges ? { addressRanges } : {}) });
  const progress = createProgress(world);
  const from: FindingsSource = source === '-' ? world.stdin : source;
  let read = 0;
  let skipped = 0;
  const onError = (error: RemediationError): void => {
    skipped += 1;
    found.skip(error);
  };
  for await (const finding of readFindings(from, { onError })) {
    found.add(finding);
    read += 1;
    progress.read(read);
  }
  progress.playing(read);
  const report = found.report();
  if (read === 0) {
    const [first] = report.read.errors;
    throw new RemediationError({
      code: 'PREVIEW_NOTHING_READ',
      message: `No finding was read from ${source === '-' ? 'standard input' : source}.${first ? ` ${first.code}: ${first.message}` : ' Files end in .json or .jsonl, each also in .gz.'}`,
    });
  }
  if (htmlFile !== undefined) await writePage(htmlFile, previewHtml(report));
  world.out(json ? `${JSON.stringify(report)}\n` : previewText(report));
  if (htmlFile !== undefined && !json) world.out(`The page is ${htmlFile}.\n`);
  if (skipped > 0) world.err(`${counted(skipped, 'document', 'documents')} could not be read; the rest counts.\n`);
  return skipped > 0 ? 1 : 0;
};

/**
 * The command line, `guardduty preview …`: never calls AWS, never throws for what it was given; says on `err`
 * what is wrong.
 * @returns the exit code
 */
export const runCli = async (args: readonly string[], world: CliWorld): Promise<ExitCode> => {
  try {
    const asked = readArguments(args);
    if (asked !== 'help') return await preview(asked, world);
    world.out(usage);
    return args.length === 0 ? 2 : 0;
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    world.err(`${error.code}: ${error.message}\n`);
    return calledWrongly.includes(error.code) ? 2 : 1;
  }
};
