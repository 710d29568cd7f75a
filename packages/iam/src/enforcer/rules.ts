import { RemediationError } from '@remedykit/core';
import type { RuleName, RulePolicy } from '../model/case.ts';
import type { AgeOptions, CredentialEnforcerOptions, MfaOptions } from './options.ts';

/** What is wrong with an option. */
export const invalid = (option: string, what: string): RemediationError =>
  new RemediationError({ code: 'IAM_OPTION_INVALID', message: `createCredentialEnforcer: ${option} ${what}.` });

/** A whole number of days, at least `least`. */
export const wholeDays = (option: string, value: unknown, least: number): number => {
  if (Number.isInteger(value) && typeof value === 'number' && value >= least && value <= 3_650) return value;
  throw invalid(option, `must be a whole number of days from ${least} to 3650, it was ${JSON.stringify(value)}`);
};

const ageRule = (option: string, { warnAtDays, deactivateAtDays }: AgeOptions): RulePolicy => {
  const afterDays = wholeDays(`${option}.deactivateAtDays`, deactivateAtDays, 1);
  if (!Array.isArray(warnAtDays) || warnAtDays.length === 0)
    throw invalid(`${option}.warnAtDays`, 'must name at least one day: nobody is acted on without a warning');
  const stages = warnAtDays.map((day) => afterDays - wholeDays(`${option}.warnAtDays`, day, 0));
  if (stages.some((stage, index) => stage < 1 || stage >= (stages[index - 1] ?? Number.POSITIVE_INFINITY)))
    throw invalid(
      `${option}.warnAtDays`,
      `must ascend and end before deactivateAtDays (${afterDays}), they were ${JSON.stringify(warnAtDays)}`,
    );
  // The mail of the day itself comes with the deadline.
  return { afterDays, stages: [...stages, 0] };
};

const mfaRule = ({ graceDays, remindDaysBefore }: MfaOptions): RulePolicy => {
  const afterDays = wholeDays('mfa.graceDays', graceDays, 1);
  const stages = remindDaysBefore ?? [...new Set([afterDays, Math.ceil(afterDays / 2), 1])];
  if (
    !Array.isArray(stages) ||
    stages.length === 0 ||
    stages.some(
      (stage, index) =>
        wholeDays('mfa.remindDaysBefore', stage, 1) > afterDays ||
        stage >= (stages[index - 1] ?? Number.POSITIVE_INFINITY),
    )
  )
    throw invalid(
      'mfa.remindDaysBefore',
      `must descend from at most graceDays (${afterDays}) to at least 1, they were ${JSON.stringify(stages)}`,
    );
  return { afterDays, stages: [...stages, 0] };
};

/** The rules as days and distances before the deadline; throws `IAM_OPTION_INVALID`. */
export const rulesOf = (options: CredentialEnforcerOptions): Partial<Record<RuleName, RulePolicy>> => {
  const { mfa, accessKeys, serviceSpecificCredentials, signingCertificates, sshKeys } = options;
  const rules: Partial<Record<RuleName, RulePolicy>> = {};
  if (mfa !== undefined) rules.mfa = mfaRule(mfa);
  if (accessKeys !== undefined) {
    rules['key-age'] = ageRule('accessKeys', accessKeys);
    const { unusedAfterDays } = accessKeys;
    if (unusedAfterDays !== undefined)
      rules['key-unused'] = {
        afterDays: wholeDays('accessKeys.unusedAfterDays', unusedAfterDays, 1),
        stages: rules['key-age'].stages,
      };
  }
  if (serviceSpecificCredentials !== undefined)
    rules['service-specific-age'] = ageRule('serviceSpecificCredentials', serviceSpecificCredentials);
  if (signingCertificates !== undefined) rules['certificate-age'] = ageRule('signingCertificates', signingCertificates);
  if (sshKeys !== undefined) rules['ssh-key-age'] = ageRule('sshKeys', sshKeys);
  if (Object.keys(rules).length === 0)
    throw invalid(
      'mfa, accessKeys, serviceSpecificCredentials, signingCertificates, sshKeys',
      'are all absent: there is no rule',
    );
  return rules;
};
