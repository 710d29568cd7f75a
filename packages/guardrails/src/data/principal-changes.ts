/**
 * What creates, passes or changes a role. Source: service authorization reference of IAM, by iam-data 0.21.202609261.
 * `iam:DeleteRole*`, `iam:PutRole*` and `iam:UpdateRole*` cover policies, boundaries and descriptions.
 */
export const roleChanges: readonly string[] = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole*',
  'iam:DetachRolePolicy',
  'iam:PassRole',
  'iam:PutRole*',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole*',
];

/** What creates or changes a user or gives out credentials of one. Enrolling MFA is none of it. */
export const userChanges: readonly string[] = [
  'iam:AddUserToGroup',
  'iam:AttachUserPolicy',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:CreateServiceSpecificCredential',
  'iam:CreateUser',
  'iam:DeleteUser*',
  'iam:DetachUserPolicy',
  'iam:PutUser*',
  'iam:ResetServiceSpecificCredential',
  'iam:TagUser',
  'iam:UntagUser',
  'iam:UpdateAccessKey',
  'iam:UpdateLoginProfile',
  'iam:UpdateUser',
  'iam:UploadSSHPublicKey',
  'iam:UploadSigningCertificate',
];
