// `node scripts/action-data.ts` writes the action data of @remedykit/guardrails anew, after an update of iam-data.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { makeActionData } from '../packages/guardrails/src/testing/action-data/make.ts';
import { root } from './lib/workspace.ts';

const text = JSON.stringify(await makeActionData());
const compressed = brotliCompressSync(text, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  },
});
const path = join(root, 'packages/guardrails/data/actions.json.br');
writeFileSync(path, compressed);
console.error(`${path}: ${compressed.length} bytes, ${text.length} unpacked`);
