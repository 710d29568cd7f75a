import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** MB that all objects of the process may take: less than the findings themselves would. */
const heap = 64;

const program = `
  const { createPreview } = await import(process.env.PREVIEW);
  const { sshBruteForce, routableDocumentationRanges } = await import(process.env.TESTING);
  const keep = process.env.KEEP === 'yes' ? [] : undefined;
  const preview = createPreview({ addressRanges: routableDocumentationRanges });
  const one = JSON.stringify({ ...sshBruteForce({ at: new Date('2026-11-01T00:00:00Z') }), description: { untrusted: 'x'.repeat(20_000) } });
  for (let index = 0; index < 6_000; index++) {
    const finding = JSON.parse(one);
    finding.id = 'f' + index;
    finding.eventLastSeen = new Date(Date.UTC(2026, 7, 1) + index * 900_000).toISOString();
    finding.action.remote.ipv4 = '198.51.100.' + (index % 12);
    keep?.push(finding);
    preview.add(finding);
  }
  const { read, fill } = preview.report();
  console.log(read.findings, read.notSimulated, fill.rows[0].written > 0);
`;

const here = (path: string): string => new URL(path, import.meta.url).href;

const run = (keep: 'yes' | 'no') =>
  spawnSync(process.execPath, [`--max-old-space-size=${heap}`, '--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname),
    encoding: 'utf8',
    env: { ...process.env, PREVIEW: here('./index.ts'), TESTING: here('../testing/index.ts'), KEEP: keep },
  });

// Node that strips types by itself runs the source.
describe.skipIf(!process.features.typescript)('createPreview', () => {
  it('keeps no finding: six thousand of 20 KB each fit into less than they would take', { timeout: 600_000 }, () => {
    const { stdout, status } = run('no');
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: '6000 0 true' });
  });

  it('would not fit if the findings were kept', { timeout: 600_000 }, () => {
    expect(run('yes').status).not.toBe(0);
  });
});
