import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organization } from './organization.ts';
import { createGuardrailsStack } from './stack.ts';

/** In the virtual environment that `pnpm test:aws` makes. */
const python = join(
  import.meta.dirname,
  '../../../.venv',
  process.platform === 'win32' ? 'Scripts/cfn-lint.exe' : 'bin/cfn-lint',
);
const lint = (...paths: readonly string[]) => {
  const { status, stdout, stderr, error } = spawnSync(python, ['--regions', 'us-east-1', '--template', ...paths], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { status, output: `${stdout}${stderr}` };
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

// Python takes its time on a small machine.
describe('cfn-lint', { timeout: 180_000 }, () => {
  it('finds nothing in the stack, nor in the templates of its stack sets', () => {
    const app = new App({ outdir: join(folder, 'cdk.out') });
    const { stackName } = createGuardrailsStack(app, organization);
    const path = app.synth().getStackByName(stackName).templateFullPath;
    const resources: Readonly<Record<string, { readonly Properties: { readonly TemplateBody?: string } }>> = JSON.parse(
      readFileSync(path, 'utf8'),
    ).Resources;
    const nested = Object.values(resources)
      .flatMap(({ Properties }) => Properties.TemplateBody ?? [])
      .map((body, index) => {
        const file = join(folder, `nested-${index}.json`);
        writeFileSync(file, body);
        return file;
      });
    expect(nested).toHaveLength(2);
    expect(lint(path, ...nested)).toEqual({ status: 0, output: '' });
  });
  it('finds a fault when there is one', () => {
    const path = join(folder, 'wrong.json');
    writeFileSync(
      path,
      JSON.stringify({ Resources: { Policy: { Type: 'AWS::Organizations::Policy', Properties: { Nam: 'x' } } } }),
    );
    expect(lint(path)).toMatchObject({ status: 2, output: expect.stringContaining('Nam') });
  });
});
