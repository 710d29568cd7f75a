// `pnpm --filter @remedykit/example-guardrails sizes`: how full the policies are, and why each guardrail is there.
import { packTable } from '@remedykit/guardrails';
import { deploymentsFor } from './deployments.ts';
import { organization } from './organization.ts';

for (const { set, policies, targetIds } of deploymentsFor(organization)) {
  console.log(`${set.name}, attached to ${targetIds.join(', ')}`);
  console.log(packTable(policies.report));
  for (const { name, as, reason } of set.members) console.log(`  ${name} (${as}): ${reason}`);
}
