/** Every reason that the decision about a credential that is due gives, with its sentence for people. */
export const credentialReasons = {
  'not-due': 'Its time is not up.',
  due: 'Its time is up, after a warning that counts.',
  'in-progress': 'Its deactivation was begun, and what became of it is not known yet.',
  'just-deactivated':
    'It was deactivated less than an hour ago. That it is listed as active may be a copy of IAM that lags behind; nothing is done.',
  'relapse-waits':
    'It was deactivated before and made active again. A fresh warning has to count, and its days of notice to pass.',
  relapse:
    'It was deactivated before and made active again. After a fresh warning and notice it is deactivated once more.',
  incident:
    'It was deactivated twice and made active again each time. Nothing more is done: people must find out who does that, and why.',
  'not-one': 'The case is not about a credential that can be deactivated.',
} as const;

/** A documented reason of that decision. */
export type CredentialReason = keyof typeof credentialReasons;
