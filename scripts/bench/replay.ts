import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullAwsAccess } from '../../packages/guardrails/src/evaluate/evaluate.ts';
import { createReplay } from '../../packages/guardrails/src/replay/create-replay.ts';
import { readCloudTrail } from '../../packages/guardrails/src/replay/records/read-cloudtrail.ts';
import type { Guardrail } from '../../packages/guardrails/src/templates/guardrail.ts';
import { writeLogFolder } from '../../packages/guardrails/src/testing/cloudtrail/log-folder.ts';

/** Reads a generated log, gzipped, and replays it against guardrails. @returns events per second */
export const benchReplay = async (guardrails: readonly Guardrail[], events: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'remedykit-replay-'));
  try {
    writeLogFolder(folder, { events });
    const own = guardrails
      .filter(({ type }) => type === 'SERVICE_CONTROL_POLICY')
      .map(({ id, document }) => ({ name: id, document }));
    const replay = createReplay({
      policies: { serviceControlPolicies: [{ target: 'root', policies: [fullAwsAccess, ...own] }] },
    });
    const start = performance.now();
    for await (const record of readCloudTrail(folder, { onError: replay.skip, onFile: replay.file }))
      replay.add(record);
    const seconds = (performance.now() - start) / 1_000;
    const { read, outcomes } = replay.report();
    if (read.events !== events || read.malformed + read.unreadable > 0 || outcomes.denied === 0)
      throw new Error(`Of ${events} events ${read.events} were read, and ${outcomes.denied} denied.`);
    return Math.round(events / seconds);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
