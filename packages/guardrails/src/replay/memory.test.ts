import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLogFolder } from '../testing/cloudtrail/log-folder.ts';

/** MB that all objects of the process may take: a fraction of what the events would. */
const heap = 64;
const events = 24_000;

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardrails-memory-'));
  files = writeLogFolder(folder, { events });
});
afterAll(() => rmSync(folder, { recursive: true }));

const program = `
  const { createReplay, readCloudTrail } = await import(process.env.REPLAY);
  const { fullAwsAccess, restrictRegions } = await import(process.env.INDEX);
  const document = restrictRegions({ allowedRegions: ['eu-west-1', 'eu-central-1'] }).document;
  const policies = { serviceControlPolicies: [{ target: 'root', policies: [fullAwsAccess, { name: 'regions', document }] }] };
  const replay = createReplay({ policies });
  const keep = process.env.KEEP === 'yes' ? [] : undefined;
  for await (const record of readCloudTrail(process.env.FOLDER, { onError: replay.skip, onFile: replay.file })) {
    keep?.push(record);
    replay.add(record);
  }
  const { read, outcomes } = replay.report();
  console.log(read.files, read.events, outcomes.denied > 0, read.malformed + read.unreadable);
`;

const here = (path: string): string => new URL(path, import.meta.url).href;

const run = (keep: 'yes' | 'no') =>
  spawnSync(process.execPath, [`--max-old-space-size=${heap}`, '--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname),
    encoding: 'utf8',
    env: { ...process.env, REPLAY: here('./index.ts'), INDEX: here('../index.ts'), FOLDER: folder, KEEP: keep },
  });

// Node that strips types by itself runs the source.
describe.skipIf(!process.features.typescript)('a replay', () => {
  it('keeps no event: those of a log fit into less than they would take', { timeout: 600_000 }, () => {
    const { stdout, status } = run('no');
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: `${files} ${events} true 0` });
  });
  it('would not fit if the events were kept', { timeout: 600_000 }, () => {
    expect(run('yes').status).not.toBe(0);
  });
});
