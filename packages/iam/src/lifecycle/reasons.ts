/** Every reason that the decision about a case gives, with its sentence for people. */
export const caseReasons = {
  'rule-off': 'The policy has no such rule any more.',
  exempt: 'The user is exempt. After that, a warning has to count anew before anything is done.',
  'not-due': 'It is too early for the first warning.',
  'mail-under-way': 'A mail about this was begun less than 15 minutes ago; what became of it is not known yet.',

  // Nobody has been told so far.
  'warning-due': 'A warning is due, and none counts yet.',
  'second-mail-due':
    'Only the fallback recipient could be told. They are told once more, with what is known of the use; that mail counts.',
  'second-mail-later':
    'Only the fallback recipient could be told. The second mail, which counts, goes out on a later day.',
  'no-address':
    'No address is left to which a warning could go. If none is found within the days set for it, security is asked.',

  // A warning counts.
  'reminder-due': 'A warning counts, and the next reminder before the deadline is due.',
  warned: 'A warning counts, the reminders that are due are out, and the deadline is still to come.',
  'no-address-for-reminder':
    'A warning counts and the deadline stands, but no address is left to which the reminder that is due could go.',
  'deadline-passed': 'The deadline has passed, and a warning counts that left the days of notice.',

  // Nobody could be told.
  'security-to-be-asked': 'No warning counted within the days set for it. Security is asked, with notice, what to do.',
  'security-asked': 'Nobody could be told. Security was asked, and the days of notice run.',
  'request-failed':
    'Nobody could be told, and the request to security failed as well. Nothing is done; people must look.',
  'undeliverable-act':
    'Nobody could be told. Security was asked, the days of notice are over, and the policy is to act.',
  'answered-act': 'Nobody could be told, and security answered to act.',
  'undeliverable-report':
    'Nobody could be told. Security was asked, the days of notice are over, and the policy is to report and do nothing.',

  // No mail can be trusted to arrive.
  'clock-stopped':
    'Mails cannot be sent or cannot be trusted to arrive. No mail goes out, no clock runs, and nobody is acted on.',
} as const;

/** A documented reason of a case. */
export type CaseReason = keyof typeof caseReasons;
