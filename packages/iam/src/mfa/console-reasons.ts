/** Every reason that the decision about console access gives, with its sentence for people. */
export const consoleReasons = {
  // Nothing to do.
  'not-due': 'The grace is not over, or no warning counts yet.',
  complies: 'The user has an MFA device, or no password any more: console access is not denied.',
  exempt: 'The user is exempt: console access is not denied.',
  'report-only': 'The policy is to report console users without MFA, and to deny nothing.',
  'already-denied': 'Console access without MFA is denied already; it ends when the user enrols a device.',
  'on-hold': 'Every session of the user is denied until a person answers with resolve().',

  // What is done.
  'mfa-missing': 'The grace is over without an MFA device: console access is denied until there is one.',
  'mfa-missing-alert':
    'The grace is over without an MFA device: console access is denied until there is one. The user is privileged, or has not used the password for long: who enrols a device may not be the user. People should look.',
  'hold-privileged':
    'The grace is over without an MFA device, and the user is privileged: a thief of the password could enrol a device, so every session is denied until a person has looked.',
  'hold-unused':
    'The grace is over without an MFA device, and the password was not used for 45 days: a thief of it could enrol a device, so every session is denied until a person has looked.',
  confirmed: 'A person confirmed that it is the user: for 48 hours a device can be enrolled.',
  'confirm-lapsed': 'No device was enrolled in the time that a person had given; every session is denied again.',
  'password-deleted': 'The grace is over without an MFA device, and the policy is to delete the password.',
  acted: 'It was left to security, who answered to act: console access is denied.',

  // Why not.
  'active-keys':
    'The user has active access keys, and the policy is to report such users: credentials that are made from a key without MFA would be denied as well. Security decides.',
  boundary: 'A permissions boundary that is not known to allow enrolment would lock the user out. Security decides.',
  'password-expired':
    'The password is or may be expired, and the account lets nobody change an expired one: the user would be locked out. Security decides.',
  'no-attachment-left':
    'The user has as many managed policies as may be attached, so none can be added. Security decides.',
} as const;

/** A documented reason of that decision. */
export type ConsoleReason = keyof typeof consoleReasons;
