import { invalidParameter } from '../../templates/invalid.ts';
import { literal } from '../../templates/placeholder.ts';
import type { AccountSetting } from './setting.ts';

/** No bucket of the account is public, whatever its own policy and lists say. */
export const s3BlockPublicAccess = (): AccountSetting => ({
  id: 's3BlockPublicAccess',
  per: 'account',
  calls: [
    {
      action: 's3:PutAccountPublicAccessBlock',
      operation: 'S3Control.PutPublicAccessBlock',
      input: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
  ],
  terraform: {
    s3_block_public_access: {
      type: 'aws_s3_account_public_access_block',
      arguments: {
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      },
    },
  },
  elsewhere: 'an S3 policy of AWS Organizations, for all accounts at once',
});

/** What `passwordPolicy` takes. */
export interface PasswordPolicyParameters {
  /** 14 by default; AWS takes 6 to 128. */
  readonly minimumLength?: number;
  /** How many old passwords cannot be used again, 1 to 24. Default: 24. */
  readonly remembered?: number;
}

/**
 * Long passwords, which people change themselves and which do not expire by age: forced changes make them weaker, and an expired
 * password under hard expiry locks its owner out of enrolling MFA. Sources: NIST SP 800-63B; CIS AWS Foundations 1.8, 1.9.
 */
export const passwordPolicy = (parameters: PasswordPolicyParameters = {}): AccountSetting => {
  const { minimumLength = 14, remembered = 24 } = parameters;
  if (!Number.isInteger(minimumLength) || minimumLength < 6 || minimumLength > 128)
    throw invalidParameter('passwordPolicy', `minimumLength must be from 6 to 128, it is ${minimumLength}.`);
  if (!Number.isInteger(remembered) || remembered < 1 || remembered > 24)
    throw invalidParameter('passwordPolicy', `remembered must be from 1 to 24, it is ${remembered}.`);
  return {
    id: 'passwordPolicy',
    per: 'account',
    calls: [
      {
        action: 'iam:UpdateAccountPasswordPolicy',
        operation: 'IAM.UpdateAccountPasswordPolicy',
        input: {
          MinimumPasswordLength: minimumLength,
          PasswordReusePrevention: remembered,
          AllowUsersToChangePassword: true,
        },
      },
    ],
    terraform: {
      password_policy: {
        type: 'aws_iam_account_password_policy',
        arguments: {
          minimum_password_length: minimumLength,
          password_reuse_prevention: remembered,
          allow_users_to_change_password: true,
        },
      },
    },
  };
};

/** Somebody whom AWS writes to beside the owner of the account. */
export interface Contact {
  readonly name: string;
  readonly title: string;
  readonly email: string;
  readonly phone: string;
}

/** Whom AWS writes to about what. */
export type Contacts = Readonly<Partial<Record<'billing' | 'operations' | 'security', Contact>>>;

/**
 * Messages of AWS about security reach people who act on them, and not the mailbox of whoever opened the account.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`
 */
export const alternateContacts = (contacts: Contacts): AccountSetting => {
  const where = 'alternateContacts';
  const all = Object.entries(contacts).toSorted(([one], [other]) => (one < other ? -1 : 1));
  if (all.length === 0) throw invalidParameter(where, 'name at least one contact.');
  for (const [kind, contact] of all) {
    for (const [field, text] of Object.entries(contact)) {
      if (literal(where, text).trim() === '') throw invalidParameter(where, `${kind}.${field} is empty.`);
    }
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(contact.email))
      throw invalidParameter(where, `${kind}.email is no address: "${contact.email}".`);
  }
  return {
    id: 'alternateContacts',
    per: 'account',
    calls: all.map(([kind, { name, title, email, phone }]) => ({
      action: 'account:PutAlternateContact',
      operation: 'Account.PutAlternateContact',
      input: {
        AlternateContactType: kind.toUpperCase(),
        Name: name,
        Title: title,
        EmailAddress: email,
        PhoneNumber: phone,
      },
    })),
    terraform: Object.fromEntries(
      all.map(([kind, { name, title, email, phone }]) => [
        `contact_${kind}`,
        {
          type: 'aws_account_alternate_contact',
          arguments: {
            alternate_contact_type: kind.toUpperCase(),
            name,
            title,
            email_address: email,
            phone_number: phone,
          },
        },
      ]),
    ),
    elsewhere: 'the management account, for all accounts at once, by the same call with AccountId',
  };
};

/** A budget that tells people before the bill does. */
export interface BudgetParameters {
  /** US dollars a month. */
  readonly monthlyUsd: number;
  /** Mail addresses, at most ten: told at 80 % spent, and when the forecast passes the whole. */
  readonly notify: readonly string[];
}

/** @throws RemediationError `GUARDRAIL_PARAMETER_INVALID` */
export const monthlyBudget = ({ monthlyUsd, notify }: BudgetParameters): AccountSetting => {
  const where = 'monthlyBudget';
  if (!(Number.isFinite(monthlyUsd) && monthlyUsd > 0))
    throw invalidParameter(where, `monthlyUsd must be over 0, it is ${monthlyUsd}.`);
  if (notify.length === 0 || notify.length > 10 || notify.some((mail) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mail)))
    throw invalidParameter(where, `notify must hold one to ten mail addresses, it holds ${JSON.stringify(notify)}.`);
  const alarms = [
    { NotificationType: 'ACTUAL', Threshold: 80 },
    { NotificationType: 'FORECASTED', Threshold: 100 },
  ] as const;
  const budget = {
    BudgetName: 'remedykit-monthly',
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: `${monthlyUsd}`, Unit: 'USD' },
  } as const;
  const withSubscribers = alarms.map((alarm) => ({
    Notification: { ...alarm, ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' },
    Subscribers: notify.map((Address) => ({ SubscriptionType: 'EMAIL', Address })),
  }));
  return {
    id: 'monthlyBudget',
    per: 'account',
    calls: [
      {
        action: 'budgets:ModifyBudget',
        operation: 'Budgets.CreateBudget',
        input: { Budget: budget, NotificationsWithSubscribers: withSubscribers },
      },
    ],
    cloudFormation: {
      MonthlyBudget: {
        type: 'AWS::Budgets::Budget',
        properties: {
          // CloudFormation takes a number where the API takes text.
          Budget: { ...budget, BudgetLimit: { Amount: monthlyUsd, Unit: 'USD' } },
          NotificationsWithSubscribers: withSubscribers,
        },
      },
    },
    terraform: {
      monthly_budget: {
        type: 'aws_budgets_budget',
        arguments: {
          name: budget.BudgetName,
          budget_type: 'COST',
          time_unit: 'MONTHLY',
          limit_amount: `${monthlyUsd}`,
          limit_unit: 'USD',
          notification: alarms.map(({ NotificationType, Threshold }) => ({
            comparison_operator: 'GREATER_THAN',
            notification_type: NotificationType,
            threshold: Threshold,
            threshold_type: 'PERCENTAGE',
            subscriber_email_addresses: notify,
          })),
        },
      },
    },
  };
};
