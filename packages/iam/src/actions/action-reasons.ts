/** Every reason that carrying out an action gives, where it is not the step's own, with its sentence for people. */
export const actionReasons = {
  'read-failed': 'What must be known right before the change could not be read, so nothing was changed.',
  'no-longer-due': 'It was put right meanwhile, or is not due any more; nothing was changed.',
  exempt: 'The user was exempted meanwhile; nothing was changed.',
  'user-gone': 'The user is no more; there was nothing to change.',
  'credential-gone': 'The credential is no more; there was nothing to change.',
  changed: 'What was to be changed is not what it was when that was decided; nothing was changed.',
  'replacement-unseen':
    'The policy that takes its place is not seen to be attached, so this one stays: the user would have neither.',
  'already-so': 'It was so before; nothing was written.',
  settled: 'This run did it before, and somebody has changed it since; that is for the next run to judge.',
  'journal-failed': 'The change could not be stored before it was made, so it was not made.',
  'journal-unmarked':
    'The change took effect, and that could not be stored. The next run sees it by looking, and stores it.',
  'answer-lost': 'The answer was lost on its way; a look showed that the change took effect.',
  'unknown-effect':
    'The answer was lost on its way, and a look shows no effect so far. The next run looks again before it does anything.',
  busy: 'IAM took no change of this user for the moment; nothing was changed.',
  'no-attachment-left': 'The user has as many managed policies as may be attached; nothing was changed.',
  'policy-missing': 'The policy to be attached is not there: the deployment has to create it. Nothing was changed.',
  'write-failed': 'IAM refused the change; nothing was changed.',
} as const;

/** A documented reason of an action's result. */
export type ActionReason = keyof typeof actionReasons;
