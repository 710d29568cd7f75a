import { policyTemplates } from '../templates/catalog.ts';
import type { ExitCode, Io } from './io.ts';

const types = { SERVICE_CONTROL_POLICY: 'SCP', RESOURCE_CONTROL_POLICY: 'RCP' } as const;

/** Lists the guardrails, with what each is for. */
export const list = ({ json }: { readonly json: boolean }, io: Io): ExitCode => {
  if (json) {
    const templates = policyTemplates.map(({ example: _, ...words }) => words);
    io.out(JSON.stringify({ templates }));
    return 0;
  }
  const width = Math.max(...policyTemplates.map(({ name }) => name.length));
  for (const { name, type, intent } of policyTemplates) io.out(`${name.padEnd(width)}  ${types[type]}  ${intent}`);
  return 0;
};
