import { describe, expect, it } from 'vitest';
import { workflowFaults, workflowFaultsIn } from './workflows.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const workflow = (uses: string): string =>
  [
    'permissions: {}',
    'jobs:',
    '  a:',
    '    steps:',
    `      - uses: ${uses}`,
    '        with:',
    '          persist-credentials: false',
  ].join('\n');

describe('workflows', () => {
  it('every workflow of this repository passes', () => {
    expect(workflowFaults()).toEqual([]);
  });

  it('an action pinned by commit passes', () => {
    expect(workflowFaultsIn(workflow(`actions/checkout@${sha} # v7.0.1`), 'a.yml')).toEqual([]);
  });

  it.each([
    'actions/checkout@v7',
    'actions/checkout@main # v7.0.1',
    `actions/checkout@${sha.slice(1)} # v7.0.1`,
    `actions/checkout@${sha}`,
    './.github/actions/x',
  ])('fails on %s', (uses) => {
    expect(workflowFaultsIn(workflow(uses), 'a.yml')).toEqual([expect.stringMatching(/^a\.yml:5: pin/)]);
  });

  it.each([
    ['rights for all jobs', 'permissions: {}', 'permissions: write-all', /permissions/],
    ['a checkout that keeps its credentials', 'persist-credentials: false', 'persist-credentials: true', /credentials/],
    ['a trigger that runs strangers’ code', 'jobs:', 'on: pull_request_target\njobs:', /pull_request_target/],
  ])('fails on %s', (_title, from, to, fault) => {
    const text = workflow(`actions/checkout@${sha} # v7.0.1`).replace(from, to);
    expect(workflowFaultsIn(text, 'a.yml').join()).toMatch(fault);
  });
});
