import type { StepOutcome } from '@remedykit/core';
import type { CredentialRun } from '../enforcer/outcome.ts';

/** Steps of a run: those of a case that is listed, by `caseKey`, and all others. */
export interface StepsByCase {
  readonly ofCases: ReadonlyMap<string, readonly StepOutcome[]>;
  readonly others: readonly StepOutcome[];
}

/** Names one case among all accounts. */
export const caseKey = (accountId: string, userName: string, caseId: string): string =>
  `${accountId}/${userName}/${caseId}`;

/**
 * The case of each step, by the step's id (`<user>/<rule>/<credential>/…`). Ids name no account: where two accounts have a
 * case of that name, nobody knows which one a step is of, and it is with the others.
 */
export const stepsByCase = ({ accounts, steps }: CredentialRun): StepsByCase => {
  const keys = new Map<string, string | undefined>();
  for (const { accountId, open } of accounts)
    for (const { userName, caseId } of open) {
      const name = `${userName}/${caseId}`;
      keys.set(name, keys.has(name) ? undefined : caseKey(accountId, userName, caseId));
    }
  const ofCases = new Map<string, StepOutcome[]>();
  const others: StepOutcome[] = [];
  for (const step of steps) {
    const key = keys.get(step.stepId.split('/', 3).join('/'));
    if (key === undefined) others.push(step);
    else ofCases.set(key, [...(ofCases.get(key) ?? []), step]);
  }
  return { ofCases, others };
};
