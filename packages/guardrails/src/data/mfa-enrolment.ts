/** What a user needs to enrol MFA for himself; no template may stand in the way of it. Source: IAM user guide, self-managed MFA. */
export const mfaEnrolment: readonly string[] = [
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:ListVirtualMFADevices',
  'iam:ResyncMFADevice',
];
