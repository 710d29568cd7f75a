import type { CredentialReport, ReportedOtherStep } from './document.ts';

/** Steps that neither a case nor a change tells of: one of a user who complies again is there as a change. */
export const untoldSteps = ({
  accounts,
  otherSteps,
}: Pick<CredentialReport, 'accounts' | 'otherSteps'>): readonly ReportedOtherStep[] => {
  const told = new Set(
    accounts.flatMap(({ accountId, actions }) =>
      actions.map(({ userName, rule, credentialId, action, policy }) =>
        [accountId, userName, rule, credentialId, action, ...(policy === undefined ? [] : [policy])].join('/'),
      ),
    ),
  );
  return otherSteps.filter(({ accountId, stepId }) => !told.has(`${accountId}/${stepId}`));
};
