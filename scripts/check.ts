// `pnpm check` runs every step; `pnpm check types arrows` runs these. Node alone is needed.
import { apiFaults } from './api.ts';
import { arrowFaults } from './arrows.ts';
import { generatedFaults } from './generated.ts';
import { run } from './lib/run.ts';
import { packageFaults } from './packages.ts';
import { allSnippets, snippetFaults } from './snippets.ts';
import { typeFaults } from './types.ts';
import { workflowFaults } from './workflows.ts';

interface Step {
  readonly name: string;
  readonly what: string;
  readonly faults: () => string[];
}

// Cheap before dear; the API snapshot needs what the package checks have built.
const steps: readonly Step[] = [
  { name: 'lint', what: 'format and lint', faults: () => run('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'arrows', what: 'dependencies between packages', faults: () => arrowFaults() },
  { name: 'workflows', what: 'pinned actions and least rights', faults: () => workflowFaults() },
  { name: 'types', what: 'types of everything, and of what ships alone', faults: () => typeFaults() },
  { name: 'snippets', what: 'code in pages and docstrings', faults: () => snippetFaults(allSnippets()) },
  { name: 'generated', what: 'generated parts of pages', faults: () => generatedFaults() },
  { name: 'packages', what: 'build, pack, publint, Are The Types Wrong', faults: () => packageFaults() },
  { name: 'api', what: 'API snapshots', faults: () => apiFaults() },
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const failed: string[] = [];
for (const { name, what, faults } of steps) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n== ${name}: ${what}`);
  const started = performance.now();
  let found: string[];
  try {
    found = faults();
  } catch (error) {
    found = [error instanceof Error ? error.message : String(error)];
  }
  for (const fault of found) console.error(`  ${fault}`);
  if (found.length > 0) failed.push(name);
  console.log(`   ${found.length === 0 ? 'ok' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

console.log(failed.length === 0 ? '\nEvery check passed.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
