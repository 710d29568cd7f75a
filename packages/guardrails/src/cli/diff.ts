import { comparePolicies, type PolicyDifference } from '../compare/compare-policies.ts';
import type { DocumentToPack } from '../pack/pack-policies.ts';
import { counted, type ExitCode, type Io } from './io.ts';

/** What `diff` takes. */
export interface DiffArguments {
  readonly before: readonly DocumentToPack[];
  readonly after: readonly DocumentToPack[];
  readonly json: boolean;
}

const words = { denied: 'denied from now on', allowed: 'no longer denied' } as const;
const shown = 8;

const lines = ({ change, actions, example, sids }: PolicyDifference): string => {
  const { action, resource, context } = example;
  const keys = Object.entries(context).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : `[${value.join(', ')}]`}`,
  );
  const more = actions.length > shown ? ` and ${actions.length - shown} more` : '';
  const by = sids.length === 0 ? '' : `, by ${sids.join(', ')}`;
  const where = `${resource === '*' ? '' : ` on ${resource}`}${keys.length === 0 ? '' : ` with ${keys.join(', ')}`}`;
  return `${counted(actions.length, 'action')} ${words[change]}${by}: ${actions.slice(0, shown).join(', ')}${more}\n  for example ${action}${where}`;
};

/** Says what becomes denied and what becomes allowed from one set of policies to another. */
export const diff = ({ before, after, json }: DiffArguments, io: Io): ExitCode => {
  const { requests, differences } = comparePolicies(before, after);
  if (json) io.out(JSON.stringify({ requests, differences }));
  else {
    for (const difference of differences) io.out(lines(difference));
    const count = (change: PolicyDifference['change']): number =>
      new Set(differences.filter((one) => one.change === change).flatMap(({ actions }) => actions)).size;
    io.err(
      `${counted(count('denied'), 'action')} denied from now on, ${count('allowed')} no longer, by ${counted(requests, 'example request')} made from both`,
    );
  }
  return differences.length === 0 ? 0 : 1;
};
