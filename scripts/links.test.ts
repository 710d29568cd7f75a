import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkFaults } from './links.ts';

let workspace = '';
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'links-'));
  mkdirSync(join(workspace, 'docs'));
  writeFileSync(join(workspace, 'docs/a.md'), '[up](../README.md)');
});
afterEach(() => rmSync(workspace, { recursive: true }));

const faultsOf = (readme: string): string[] => {
  writeFileSync(join(workspace, 'README.md'), readme);
  return linkFaults(workspace);
};

describe('links', () => {
  it('that lead somewhere pass, and so do those to other sites and in code blocks', () => {
    expect(faultsOf('[a](docs/a.md#part) `docs/a.md` [b](https://example.com/x)\n```\n[c](none.md)\n```')).toEqual([]);
  });

  it.each(['[a](docs/none.md)', '[a](docs/none.md#part)', '`docs/none.md`'])('fail: %s', (readme) => {
    expect(faultsOf(readme)).toEqual(['README.md: docs/none.md does not exist']);
  });

  it('of pages in folders are relative to their page', () => {
    writeFileSync(join(workspace, 'docs/a.md'), '[a](docs/a.md)');
    expect(faultsOf('')).toEqual([expect.stringMatching(/^docs.a\.md: docs\/a\.md does not exist$/)]);
  });
});
