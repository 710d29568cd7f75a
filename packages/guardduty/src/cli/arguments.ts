import { parseArgs } from 'node:util';
import { type Duration, days, hours, minutes, RemediationError } from '@remedykit/core';

/** What the preview was asked for. */
export interface PreviewArguments {
  /** A folder, a file, or `-` for standard input. */
  readonly source: string;
  readonly allowListFile?: string;
  readonly htmlFile?: string;
  readonly json: boolean;
  readonly blockFor?: Duration;
  readonly quota?: number;
  readonly headroom?: number;
  readonly ownRules?: number;
  readonly accounts?: readonly string[];
}

/** How to call it. */
export const usage = `Usage: npx @remedykit/guardduty preview <folder | file | -> [options]

Says what would have been blocked, from exported GuardDuty findings, without AWS: the folder or file of an S3 export, or
the output of "aws guardduty get-findings"; - reads standard input.

  --allow-list <file>   addresses and CIDRs that are never denied, one a line; # begins a comment
  --html <file>         writes a page as well
  --json                prints one JSON object instead of a summary
  --block-for <time>    how long a deny holds after the last sighting: 30m, 24h, 7d (default 24h)
  --quota <n>           entries per direction and family of a network ACL (default 20)
  --headroom <n>        entries left free for people (default 2)
  --own-rules <n>       entries of your own per direction and family (default 1)
  --accounts <ids>      accounts whose findings count, with commas between them (default all)
  --help                prints this

Ends with 0; with 1 when something could not be read or written, whatever was said of the rest; with 2 when it was called
wrongly.
`;

/** It was called wrongly. */
export const usageError = (message: string): RemediationError =>
  new RemediationError({ code: 'PREVIEW_USAGE', message: `${message} --help says how it is called.` });

const units = { m: minutes, h: hours, d: days } as const;

const readTime = (text: string): Duration => {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (unit !== 'm' && unit !== 'h' && unit !== 'd') {
    throw usageError(`--block-for takes a number with m, h or d behind it, such as 24h; it is "${text.slice(0, 40)}".`);
  }
  return units[unit](Number(count));
};

const readNumber = (option: string, text: string): number => {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw usageError(`--${option} takes a whole number; it is "${text.slice(0, 40)}".`);
};

const options = {
  'allow-list': { type: 'string' },
  html: { type: 'string' },
  json: { type: 'boolean' },
  'block-for': { type: 'string' },
  quota: { type: 'string' },
  headroom: { type: 'string' },
  'own-rules': { type: 'string' },
  accounts: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message.replace(/\.?$/, '.') : 'The arguments cannot be read.');
  }
};

/**
 * Reads the command line.
 * @throws RemediationError `PREVIEW_USAGE`
 */
export const readArguments = (args: readonly string[]): PreviewArguments | 'help' => {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return 'help';
  const [command, source, surplus] = positionals;
  if (command !== 'preview') throw usageError(`The one command is "preview"; it is "${(command ?? '').slice(0, 40)}".`);
  if (source === undefined || source === '') throw usageError('A folder, a file or - is needed.');
  if (surplus !== undefined) throw usageError(`One folder or file is read; "${surplus.slice(0, 40)}" is one more.`);
  const { html, quota, headroom, accounts } = values;
  const { 'allow-list': allowListFile, 'block-for': blockFor, 'own-rules': ownRules } = values;
  return {
    source,
    json: values.json ?? false,
    ...(allowListFile === undefined ? {} : { allowListFile }),
    ...(html === undefined ? {} : { htmlFile: html }),
    ...(blockFor === undefined ? {} : { blockFor: readTime(blockFor) }),
    ...(quota === undefined ? {} : { quota: readNumber('quota', quota) }),
    ...(headroom === undefined ? {} : { headroom: readNumber('headroom', headroom) }),
    ...(ownRules === undefined ? {} : { ownRules: readNumber('own-rules', ownRules) }),
    ...(accounts === undefined ? {} : { accounts: accounts.split(',').map((account) => account.trim()) }),
  };
};
