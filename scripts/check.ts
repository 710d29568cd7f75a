// `pnpm check` runs every step; `pnpm check types arrows` runs these. Node alone is needed.
import { apiFaults } from './api.ts';
import { arrowFaults } from './arrows.ts';
import { generatedFaults } from './generated.ts';
import { run } from './lib/run.ts';
import { runSteps, type Step } from './lib/steps.ts';
import { linkFaults } from './links.ts';
import { packageFaults } from './packages.ts';
import { allSnippets, snippetFaults } from './snippets.ts';
import { typeFaults } from './types.ts';
import { workflowFaults } from './workflows.ts';

// Cheap before dear; the API snapshot needs what the package checks have built.
const steps: readonly Step[] = [
  { name: 'lint', what: 'format and lint', faults: () => run('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'arrows', what: 'dependencies between packages', faults: () => arrowFaults() },
  { name: 'links', what: 'links between pages, and paths that they name', faults: () => linkFaults() },
  { name: 'workflows', what: 'pinned actions and least rights', faults: () => workflowFaults() },
  { name: 'types', what: 'types of everything, and of what ships alone', faults: () => typeFaults() },
  { name: 'snippets', what: 'code in pages and docstrings', faults: () => snippetFaults(allSnippets()) },
  { name: 'generated', what: 'generated parts of pages', faults: () => generatedFaults() },
  { name: 'packages', what: 'build, pack, publint, Are The Types Wrong', faults: () => packageFaults() },
  { name: 'api', what: 'API snapshots', faults: () => apiFaults() },
];

process.exitCode = runSteps(steps, process.argv.slice(2));
