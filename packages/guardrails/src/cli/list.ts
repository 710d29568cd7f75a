import { baselineCatalog } from '../baselines/catalog.ts';
import { type CatalogEntry, guardrailCatalog } from '../templates/catalog.ts';
import type { ExitCode, Io } from './io.ts';

const types: Readonly<Record<CatalogEntry['type'], string>> = {
  SERVICE_CONTROL_POLICY: 'SCP',
  RESOURCE_CONTROL_POLICY: 'RCP',
  DECLARATIVE_POLICY_EC2: 'declarative',
  CONFIG_RULE: 'Config rule',
  CONTROL_TOWER_CONTROL: 'control',
};

/** Lists the guardrails and the sets of them, with what each is for. */
export const list = ({ json }: { readonly json: boolean }, io: Io): ExitCode => {
  if (json) {
    const templates = guardrailCatalog.map(({ example: _, ...words }) => words);
    const sets = baselineCatalog.map(({ example: _, ...words }) => words);
    io.out(JSON.stringify({ templates, sets }));
    return 0;
  }
  const width = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
  const [ofName, ofType] = [width(guardrailCatalog.map(({ name }) => name)), width(Object.values(types))];
  for (const { name, type, intent } of guardrailCatalog)
    io.out(`${name.padEnd(ofName)}  ${types[type].padEnd(ofType)}  ${intent}`);
  for (const { name, intent } of baselineCatalog) io.out(`${name.padEnd(ofName)}  ${'set'.padEnd(ofType)}  ${intent}`);
  return 0;
};
