import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesUnder, root } from './lib/workspace.ts';

const pinned = /^\s*(?:-\s+)?uses:\s+[\w.-]+\/[\w./-]+@[0-9a-f]{40}\s+#\s+v\d+\.\d+\.\d+\s*$/;

/** What a workflow may not do: name an action by anything but its commit, or hold a right that it did not ask for. */
export const workflowFaultsIn = (text: string, name: string): string[] => {
  const lines = text.split('\n');
  const uses = lines
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => /^\s*(-\s+)?uses:/.test(line))
    .filter(({ line }) => !pinned.test(line))
    .map(({ line, number }) => `${name}:${number}: pin by full commit, with the version as comment: ${line.trim()}`);
  const checkouts = lines.filter((line) => /uses:\s+actions\/checkout@/.test(line)).length;
  const withoutCredentials = lines.filter((line) => /^\s+persist-credentials:\s+false\s*$/.test(line)).length;
  return [
    ...uses,
    ...(lines.includes('permissions: {}') ? [] : [`${name}: begin with permissions: {} and grant per job`]),
    ...(withoutCredentials < checkouts ? [`${name}: a checkout keeps its credentials`] : []),
    ...(/\bpull_request_target\b/.test(text)
      ? [`${name}: pull_request_target runs strangers' code with our rights`]
      : []),
  ];
};

/** The faults of every workflow of the repository. */
export const workflowFaults = (workspace: string = root): string[] =>
  filesUnder(join(workspace, '.github', 'workflows'), ['.yml', '.yaml']).flatMap((path) =>
    workflowFaultsIn(readFileSync(path, 'utf8'), relative(workspace, path)),
  );
