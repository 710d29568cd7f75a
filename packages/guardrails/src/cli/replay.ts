import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Clock, RemediationError, systemClock } from '@remedykit/core';
import { fullAwsAccess, type PolicyLevel, type PolicySet } from '../evaluate/evaluate.ts';
import type { DocumentToPack } from '../pack/pack-policies.ts';
import type { PolicyType } from '../policy/document.ts';
import { policyTypeOf } from '../policy/type-of.ts';
import { createReplay } from '../replay/create-replay.ts';
import { type CloudTrailSource, readCloudTrail } from '../replay/records/read-cloudtrail.ts';
import { replayHtml } from '../report/html/page.ts';
import { replayText } from '../report/text.ts';
import { counted } from '../report/words.ts';
import { ofSets, setArguments, split } from './arguments.ts';
import { type ExitCode, type Io, misuse } from './io.ts';
import { parsePolicyType } from './policies.ts';
import { setOrPolicies } from './sets.ts';

/** What the command has to do with the world beside its output. */
export interface ReplayWorld {
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  readonly now?: Clock;
}

interface Named extends DocumentToPack {
  readonly name: string;
}

/** Policies of files, folders and sets, each with a name by which a report can tell it apart. */
const readPolicies = (paths: readonly string[], given: Parameters<typeof setOrPolicies>[1]): readonly Named[] =>
  paths.flatMap((path) => {
    const found = setOrPolicies([path], given);
    return found.map((one, index) => ({
      ...one,
      name: one.id ?? (found.length > 1 ? `${path} (policy ${index + 1})` : path),
    }));
  });

const ofType = (given: readonly Named[], type: PolicyType) =>
  given.filter(({ document, type: own = policyTypeOf(document) }) => own === type);

/** One level. Service control policies that allow nothing come with the full access policy of AWS, as they do there. */
const levelOf = (target: string, given: readonly Named[], type: PolicyType): PolicyLevel => {
  const own = ofType(given, type).map(({ name, document }) => ({ name, document }));
  const allows = own.some(({ document }) => document.Statement.some(({ Effect }) => Effect === 'Allow'));
  return { target, policies: type === 'SERVICE_CONTROL_POLICY' && !allows ? [fullAwsAccess, ...own] : own };
};

interface Level {
  readonly target: string;
  readonly given: readonly Named[];
}

const setOf = (levels: readonly Level[], managementAccountId: string | undefined): PolicySet => {
  const has = (type: PolicyType): boolean => levels.some(({ given }) => ofType(given, type).length > 0);
  const all = (type: PolicyType): readonly PolicyLevel[] =>
    levels.map(({ target, given }) => levelOf(target, given, type));
  return {
    ...(has('SERVICE_CONTROL_POLICY') ? { serviceControlPolicies: all('SERVICE_CONTROL_POLICY') } : {}),
    ...(has('RESOURCE_CONTROL_POLICY') ? { resourceControlPolicies: all('RESOURCE_CONTROL_POLICY') } : {}),
    ...(managementAccountId === undefined ? {} : { managementAccountId }),
  };
};

const options = {
  ...ofSets,
  policies: { type: 'string', multiple: true },
  'account-path': { type: 'string', multiple: true },
  account: { type: 'string', multiple: true },
  'management-account': { type: 'string' },
  type: { type: 'string' },
  html: { type: 'string' },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
} as const;

/** Reads `target=policies`, a level of the path of an account. @throws `CLI_MISUSE` */
const readLevel = (text: string): readonly [target: string, policies: string] => {
  const [, target, policies] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (target === undefined || policies === undefined)
    throw misuse(`--account-path is <target>=<file or folder>, the root first, not ${JSON.stringify(text)}.`);
  return [target, policies];
};

/** Says how far it is, once a second at most, and nothing where it is quick. */
const createProgress = (io: Io, now: Clock, quiet: boolean) => {
  const started = now().getTime();
  let said = started + 1_000;
  let files = 0;
  return {
    file: (): void => {
      files += 1;
    },
    read: (events: number): void => {
      // The clock is not asked for each event.
      if (quiet || events % 1_000 !== 0) return;
      const at = now().getTime();
      if (at - said < 1_000) return;
      said = at;
      io.err(`${counted(events, 'event')} of ${counted(files, 'file')} in ${Math.round((at - started) / 1_000)} s`);
    },
  };
};

const writePage = async (path: string, page: string): Promise<void> => {
  await writeFile(path, page).catch((cause: unknown) => {
    throw new RemediationError({
      code: 'REPLAY_PAGE_UNWRITABLE',
      message: `The page cannot be written to ${path}: name a file in a folder that is there.`,
      cause,
    });
  });
};

/**
 * Replays a log of CloudTrail against policies.
 * @returns 0 when nothing is denied or unknown and all was read; 1 otherwise
 * @throws `CLI_MISUSE` when nothing was read, among others; `REPLAY_PAGE_UNWRITABLE`
 */
export const replay = async (
  args: readonly string[],
  io: Io,
  { stdin, now = systemClock }: ReplayWorld,
): Promise<ExitCode> => {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const { policies = [], account = [], 'account-path': above = [] } = values;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw misuse('replay takes one folder or file of CloudTrail, or -.');
  const given = {
    ...setArguments(values),
    ...(values.type === undefined ? {} : { type: parsePolicyType(values.type) }),
  };
  const levels: Level[] = above.map(readLevel).map(([target, attached]) => ({
    target,
    given: readPolicies([attached], given),
  }));
  if (policies.length > 0) levels.push({ target: 'policies', given: readPolicies(policies, given) });
  if (levels.length === 0) throw misuse('Say which policies: --policies <files, folders, or a set by its name>.');
  const accounts = account.flatMap(split);
  const found = createReplay({
    policies: setOf(levels, values['management-account']),
    now,
    ...(accounts.length === 0 ? {} : { accounts }),
    ...(values.organization === undefined ? {} : { organizationId: values.organization }),
  });
  const progress = createProgress(io, now, values.quiet);
  const source: CloudTrailSource | undefined = path === '-' ? stdin : path;
  if (source === undefined) throw misuse('There is no standard input.');
  let events = 0;
  const onFile: typeof found.file = (name, what) => {
    found.file(name, what);
    progress.file();
  };
  for await (const record of readCloudTrail(source, { onError: found.skip, onFile })) {
    found.add(record);
    events += 1;
    progress.read(events);
  }
  const report = found.report();
  if (report.read.events === 0) {
    const [first] = report.read.errors;
    throw misuse(
      `No event of CloudTrail was read from ${path === '-' ? 'standard input' : path}.${first === undefined ? ' Files end in .json, .jsonl or .gz.' : ` ${first.message}`}`,
    );
  }
  if (values.html !== undefined) await writePage(values.html, replayHtml(report));
  io.out(values.json ? JSON.stringify(report) : replayText(report));
  if (values.html !== undefined && !values.json) io.err(`The page is ${values.html}.`);
  const { outcomes, read } = report;
  return outcomes.denied + outcomes.unknown + read.malformed + read.unreadable === 0 ? 0 : 1;
};
