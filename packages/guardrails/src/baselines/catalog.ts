import type { Baseline, BaselineName } from './baseline.ts';
import { foundationBaseline } from './foundation.ts';
import { sandboxBaseline } from './sandbox.ts';
import { suspendedBaseline } from './suspended.ts';
import { workloadBaseline } from './workload.ts';

/** A named set, in words. */
export interface BaselineEntry {
  readonly name: BaselineName;
  readonly intent: string;
  /** To what it is attached. */
  readonly target: string;
  /** Parameters without which it cannot be built. */
  readonly needs: readonly string[];
  /** Builds it with example parameters. */
  readonly example: () => Baseline;
}

/** Every named set: see `foundationBaseline`, `workloadBaseline`, `sandboxBaseline` and `suspendedBaseline`. */
export const baselineCatalog: readonly BaselineEntry[] = [
  {
    name: 'foundation',
    intent: 'What every account has from its first day: nobody leaves, nothing goes unrecorded, root does nothing.',
    target: 'the root, or under Control Tower each top unit',
    needs: ['allowedRegions'],
    example: () => foundationBaseline({ allowedRegions: ['eu-west-1', 'eu-central-1'] }),
  },
  {
    name: 'workload',
    intent: 'Nothing public, nothing unencrypted, no long-lived credentials, and a perimeter around resources.',
    target: 'units of accounts with workloads, below foundation',
    needs: ['organizationId'],
    example: () => workloadBaseline({ organizationId: 'o-a1b2c3d4e5' }),
  },
  {
    name: 'sandbox',
    intent: 'Accounts for trying things out: few Regions, small machines, no commitments, a budget.',
    target: 'units of sandbox accounts, below foundation',
    needs: ['allowedRegions', 'budget'],
    example: () =>
      sandboxBaseline({ allowedRegions: ['eu-west-1'], budget: { monthlyUsd: 100, notify: ['cloud@example.com'] } }),
  },
  {
    name: 'suspended',
    intent: 'Accounts that nobody uses any more: nobody can, but those who are exempt.',
    target: 'the unit of accounts that are to be closed',
    needs: ['exemptions'],
    example: () =>
      suspendedBaseline({
        organizationId: 'o-a1b2c3d4e5',
        exemptions: {
          exemptedPrincipalArns: [
            {
              value: 'arn:aws:iam::111122223333:role/BreakGlass',
              reason: 'closes the account',
              expires: new Date('9999-12-31'),
            },
          ],
        },
      }),
  },
];
