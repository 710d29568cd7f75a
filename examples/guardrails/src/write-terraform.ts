// `pnpm --filter @remedykit/example-guardrails terraform`: writes the modules that the configuration in terraform/ uses.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { organization } from './organization.ts';
import { terraformFiles } from './terraform.ts';

const [, , folder = 'terraform'] = process.argv;
for (const [path, text] of terraformFiles(organization)) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  console.error(`written ${join(folder, path)}`);
}
