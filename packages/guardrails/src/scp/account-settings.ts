import type { CommonParameters } from '../templates/build.ts';
import { type PolicyTemplate, straightRollout } from '../templates/catalog-entry.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { denyActions } from './deny-actions.ts';

/**
 * Denies changing how the account is billed: payments, taxes, invoices, credits, cost reports, purchase orders.
 * @throws RemediationError `GUARDRAIL_PARAMETER_INVALID`, `GUARDRAIL_PLACEHOLDER`, `GUARDRAIL_EXEMPTION_UNPROTECTED`
 */
export const denyBillingSettings = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyBillingSettings',
    sid: 'DenyBilling',
    action: [
      'aws-portal:Modify*',
      'billing:Put*',
      'billing:RedeemCredits',
      'billing:Update*',
      'cur:Delete*',
      'cur:Modify*',
      'cur:Put*',
      'freetier:Put*',
      'freetier:Upgrade*',
      'invoicing:Create*',
      'invoicing:Delete*',
      'invoicing:Put*',
      'invoicing:Start*',
      'invoicing:Update*',
      'payments:Accept*',
      'payments:Create*',
      'payments:Delete*',
      'payments:Update*',
      'purchase-orders:Add*',
      'purchase-orders:Delete*',
      'purchase-orders:Modify*',
      'purchase-orders:Update*',
      'tax:Batch*',
      'tax:Delete*',
      'tax:Put*',
      'tax:Update*',
    ],
    asks: ['billing:UpdateBillingPreferences', 'payments:UpdatePaymentPreferences', 'tax:PutTaxRegistration'],
    left: 'billing:GetBillingData',
  });

/** Denies closing the account, and changing its name, mail addresses, contacts, alias, password policy and token settings. */
export const denyAccountSettings = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyAccountSettings',
    sid: 'DenyAccountSettings',
    action: [
      'account:Accept*',
      'account:Close*',
      'account:Delete*',
      'account:Put*',
      'account:Start*',
      'iam:CreateAccountA*',
      'iam:DeleteAccount*',
      'iam:PutAccount*',
      'iam:SetSecurity*',
      'iam:UpdateAccount*',
    ],
    on: ['account', 'account'],
    asks: ['account:PutAlternateContact', { action: 'iam:UpdateAccountPasswordPolicy' }],
    left: 'account:GetAlternateContact',
  });

/** Denies enabling and disabling Regions of an account. */
export const denyRegionChanges = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyRegionChanges',
    sid: 'DenyRegionChanges',
    action: ['account:DisableRegion', 'account:EnableRegion'],
    on: ['account', 'account'],
    asks: ['account:EnableRegion', 'account:DisableRegion'],
    left: 'account:GetRegionOptStatus',
  });

/** Denies buying in AWS Marketplace, models of Bedrock among it, and changing the private marketplace. */
export const denyMarketplace = (parameters: CommonParameters = {}): Guardrail =>
  denyActions(parameters, {
    id: 'denyMarketplace',
    sid: 'DenyMarketplace',
    action: [
      'aws-marketplace:Accept*',
      'aws-marketplace:Associate*',
      'aws-marketplace:CancelA*',
      'aws-marketplace:CreateA*',
      'aws-marketplace:CreateP*',
      'aws-marketplace:Disassociate*',
      'aws-marketplace:PutP*',
      'aws-marketplace:Subscribe',
      'aws-marketplace:Unsubscribe',
      'bedrock:CreateFoundation*',
    ],
    asks: [
      'aws-marketplace:Subscribe',
      'aws-marketplace:AcceptAgreementRequest',
      'bedrock:CreateFoundationModelAgreement',
    ],
    left: 'aws-marketplace:ViewSubscriptions',
  });

const entry = (
  name: string,
  example: PolicyTemplate['example'],
  words: Pick<PolicyTemplate, 'intent' | 'breaks' | 'bypasses'>,
): PolicyTemplate => ({
  name,
  family: 'mfa-and-account',
  type: 'SERVICE_CONTROL_POLICY',
  ...words,
  rollout: straightRollout,
  controls: [],
  example,
});

/** Words on the templates of this file. */
export const accountSettingTemplates: readonly PolicyTemplate[] = [
  entry('denyBillingSettings', denyBillingSettings, {
    intent: 'Billing is decided in the management account.',
    breaks: 'Finance teams with roles in member accounts: exempt them.',
    bypasses: 'The management account.',
  }),
  entry('denyAccountSettings', denyAccountSettings, {
    intent: 'An account cannot be closed, taken over by mail, or loosened.',
    breaks: 'Account vending that sets contacts and password policies: exempt its role.',
    bypasses: 'The management account and delegated administrators of account management.',
  }),
  entry('denyRegionChanges', denyRegionChanges, {
    intent: 'No Region is switched on that nobody watches.',
    breaks: 'Account vending that enables Regions: exempt its role.',
    bypasses: 'Regions that are on by default: restrictRegions.',
  }),
  entry('denyMarketplace', denyMarketplace, {
    intent: 'Nobody buys software, or agrees to its terms, by the way.',
    breaks: 'Using a marketplace image or model for the first time: let procurement subscribe.',
    bypasses: 'Images that are shared directly: allowedAmis.',
  }),
];
