import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatedFaults } from './generated.ts';

let workspace = '';
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'generated-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const parts = [{ page: 'A.md', name: 'codes', make: () => 'new' }];
const page = (content: string): void =>
  writeFileSync(join(workspace, 'A.md'), `# A\n<!-- generated:codes -->\n${content}\n<!-- /generated:codes -->\nend\n`);

describe('generated parts of pages', () => {
  it('pass when they are what the code makes', () => {
    page('new');
    expect(generatedFaults({ parts, workspace })).toEqual([]);
  });

  it('fail when the code makes something else, until they are written', () => {
    page('old');
    expect(generatedFaults({ parts, workspace })).toEqual([expect.stringContaining('out of date')]);
    expect(generatedFaults({ parts, workspace, write: true })).toEqual([]);
    expect(generatedFaults({ parts, workspace })).toEqual([]);
    expect(readFileSync(join(workspace, 'A.md'), 'utf8')).toMatch(/^# A\n[\s\S]*\nend\n$/);
  });

  it('fail when the page has no place for them', () => {
    writeFileSync(join(workspace, 'A.md'), '# A');
    expect(generatedFaults({ parts, workspace, write: true })).toEqual([expect.stringContaining('markers')]);
  });
});
