import type { Contact, Exemptions } from '@remedykit/guardrails';

/** What an organisation chooses. */
export interface Organization {
  readonly organizationId: string;
  /** Regions in which anything may run; the first one is where settings of an account are made. */
  readonly allowedRegions: readonly [string, ...string[]];
  /** Who is left alone, until when, and why. */
  readonly exemptions: Exemptions;
  /** Roots and units by what is attached to them. */
  readonly targets: {
    readonly foundation: readonly string[];
    readonly workload: readonly string[];
    readonly sandbox: readonly string[];
    readonly suspended: readonly string[];
  };
  readonly securityContact: Contact;
  readonly sandboxBudget: { readonly monthlyUsd: number; readonly notify: readonly string[] };
}

/** The one file to change. Begin with units that hold nothing but a test account. */
export const organization: Organization = {
  organizationId: 'o-a1b2c3d4e5',
  allowedRegions: ['eu-west-1', 'eu-central-1'],
  exemptions: {
    exemptedPrincipalArns: [
      {
        value: 'arn:aws:iam::111122223333:role/BreakGlass',
        reason: 'emergencies, SEC-12',
        expires: new Date('2099-12-31'),
      },
      {
        value: 'arn:aws:iam::111122223333:role/remedykit-blocker',
        reason: 'blocks attackers, SEC-31',
        expires: new Date('2099-12-31'),
      },
    ],
  },
  targets: {
    foundation: ['r-ab12'],
    workload: ['ou-ab12-11111111'],
    sandbox: ['ou-ab12-22222222'],
    suspended: ['ou-ab12-33333333'],
  },
  securityContact: { name: 'Security', title: 'On call', email: 'security@example.com', phone: '+49 30 000000' },
  sandboxBudget: { monthlyUsd: 200, notify: ['cloud@example.com'] },
};
