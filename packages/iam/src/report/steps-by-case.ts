import type { StepOutcome } from '@remedykit/core';
import type { AccountRun, CredentialRun, OpenCase } from '../enforcer/outcome.ts';

/** Steps of an account: those of a case that is listed, by `caseKey`, and all others. */
export interface StepsByCase {
  readonly ofCases: ReadonlyMap<string, readonly StepOutcome[]>;
  readonly others: readonly StepOutcome[];
}

/** Names one case of an account, as ids of its steps begin. */
export const caseKey = ({ userName, caseId }: Pick<OpenCase, 'userName' | 'caseId'>): string => `${userName}/${caseId}`;

/** What a step id may begin with: all up to each of its slashes. No name of a user and no id of a credential has one. */
const beginnings = (stepId: string): string[] => [...stepId.matchAll(/\//g)].map(({ index }) => stepId.slice(0, index));

/** The case of each step of an account, by the step's id: `<user>/<rule>/<credential>/…`. */
export const stepsByCase = ({ open, steps }: Pick<AccountRun, 'open' | 'steps'>): StepsByCase => {
  const ofCases = new Map<string, StepOutcome[]>(open.map((one) => [caseKey(one), []]));
  const others: StepOutcome[] = [];
  for (const step of steps) {
    const key = beginnings(step.stepId).find((beginning) => ofCases.has(beginning));
    ((key === undefined ? undefined : ofCases.get(key)) ?? others).push(step);
  }
  return { ofCases, others };
};

const keyOf = ({ stepId, action, status, reason }: StepOutcome): string =>
  JSON.stringify([stepId, action, status, reason]);

/** Steps of the run that no account has: of accounts that failed as a whole. Ids name no account, so they are counted. */
export const stepsOfNoAccount = ({
  accounts,
  steps,
}: Pick<CredentialRun, 'accounts' | 'steps'>): readonly StepOutcome[] => {
  const held = new Map<string, number>();
  for (const step of accounts.flatMap((account) => account.steps))
    held.set(keyOf(step), (held.get(keyOf(step)) ?? 0) + 1);
  return steps.filter((step) => {
    const left = held.get(keyOf(step)) ?? 0;
    if (left > 0) held.set(keyOf(step), left - 1);
    return left === 0;
  });
};
