import { isRemediationError } from '@remedykit/core';
import type { GuardPolicy } from '../actions/guard.ts';
import { type ActionLimits, usersPerDay } from '../actions/limits.ts';
import type { ConsolePolicy } from '../mfa/console-facts.ts';
import type { IamUser } from '../model/user.ts';
import type { CredentialEnforcerOptions, MfaOptions } from './options.ts';
import { invalid } from './rules.ts';

/** What is done when time is up, and to how many, checked. */
export interface ActionSettings {
  readonly guard: GuardPolicy;
  /** About console users without MFA, but for the policies of an account; absent: there is no such rule. */
  readonly console?: Omit<ConsolePolicy, 'enrolmentArn' | 'holdArn'>;
  readonly isPrivileged?: (user: IamUser) => boolean | Promise<boolean>;
}

const checkLimits = (limits: unknown): ActionLimits => {
  const { maxUsersPerDay, maxPercentPerDay } = Object(limits) as Partial<ActionLimits>;
  try {
    const checked = { maxUsersPerDay: maxUsersPerDay ?? Number.NaN, maxPercentPerDay: maxPercentPerDay ?? Number.NaN };
    usersPerDay(checked, 1);
    return checked;
  } catch (error) {
    if (!isRemediationError(error)) throw error;
    throw invalid(
      'limits',
      `must be { maxUsersPerDay, maxPercentPerDay }, each a number of at least 0, 0 for none; it was ${JSON.stringify(limits)}`,
    );
  }
};

const checkArns = (option: string, arns: unknown, isFit: (arn: string) => boolean): readonly string[] => {
  if (Array.isArray(arns) && arns.every((arn) => typeof arn === 'string' && isFit(arn))) return [...arns];
  throw invalid(option, `must be a list of ARNs, empty for nobody; it was ${JSON.stringify(arns)}`);
};

const isPrincipal = (arn: string): boolean => /^arn:[\w-]+:(iam|sts)::\d{12}:[^*?]+$/.test(arn);
const isUser = (arn: string): boolean => /^arn:[\w-]+:iam::\d{12}:user\/[^*?]+$/.test(arn);
const isPolicy = (arn: string): boolean => /^arn:[\w-]+:iam::(\d{12}|aws):policy\/[^*?]+$/.test(arn);

const oneOf = <T extends string>(option: string, value: unknown, values: readonly T[]): T => {
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw invalid(
    option,
    `must be ${values.map((one) => `'${one}'`).join(' or ')}, it was ${JSON.stringify(value) ?? 'left out'}`,
  );
};

const consoleSettings = (mfa: MfaOptions): NonNullable<ActionSettings['console']> => {
  const action = oneOf('mfa.action', mfa.action, ['deny-until-mfa', 'delete-login-profile', 'report']);
  if (mfa.action !== 'deny-until-mfa') {
    for (const name of ['activeKeyUsers', 'enrolAfterDeny', 'boundariesThatAllowEnrolment', 'isPrivileged'])
      if (Object.hasOwn(mfa, name)) throw invalid(`mfa.${name}`, `says nothing where mfa.action is '${action}'`);
    return { action, activeKeyUsers: 'report', enrolAfterDeny: 'alert', boundariesThatAllowEnrolment: [] };
  }
  const { activeKeyUsers, enrolAfterDeny = 'alert', boundariesThatAllowEnrolment = [], isPrivileged } = mfa;
  if (isPrivileged !== undefined && typeof isPrivileged !== 'function')
    throw invalid('mfa.isPrivileged', 'must be a function');
  return {
    action,
    activeKeyUsers: oneOf('mfa.activeKeyUsers', activeKeyUsers, ['deny', 'report']),
    enrolAfterDeny: oneOf('mfa.enrolAfterDeny', enrolAfterDeny, ['hold', 'alert']),
    boundariesThatAllowEnrolment: checkArns('mfa.boundariesThatAllowEnrolment', boundariesThatAllowEnrolment, isPolicy),
  };
};

/** The options about acting, checked; throws `IAM_OPTION_INVALID`. */
export const actionSettings = (options: CredentialEnforcerOptions): ActionSettings => {
  const { limits, breakGlass, ownPrincipals, mfa } = options;
  const isPrivileged = mfa?.action === 'deny-until-mfa' ? mfa.isPrivileged : undefined;
  return {
    guard: {
      limits: checkLimits(limits),
      breakGlass: checkArns('breakGlass', breakGlass, isUser),
      ownPrincipals: checkArns('ownPrincipals', ownPrincipals, isPrincipal),
    },
    ...(mfa === undefined ? {} : { console: consoleSettings(mfa) }),
    ...(isPrivileged === undefined ? {} : { isPrivileged }),
  };
};
