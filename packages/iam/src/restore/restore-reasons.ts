/** Every reason that undoing one change gives, with its sentence for people. */
export const restoreReasons = {
  restored: 'It is as it was before the run.',
  'already-restored': 'It was undone before.',
  'not-restorable':
    'It cannot be undone: a password that was deleted is lost, and a detachment took nothing from anybody.',
  'changed-since': 'It is not as the run left it: somebody, or a later run, has changed it since. It is left alone.',
  quarantined:
    'AWS has quarantined the user, because a key was found where everybody can read it. Nothing of this user is given back here; follow what AWS asks for.',
  'user-gone': 'The user is no more, or goes by another name now.',
  'not-applied': 'The run intended it, and it never took effect: there is nothing to undo.',
  'in-progress': 'The run may be about to do it. Try again in 15 minutes.',
  'read-failed': 'What must be known right before it is undone could not be read, so it was left alone.',
  'store-failed': 'What is about to be undone, or the exemption, could not be stored, so it was left alone.',
  'write-failed': 'IAM refused to undo it.',
  'unknown-effect': 'The answer was lost on its way, and a look shows no effect so far. Try again.',
  'restored-unmarked':
    'It is as it was before the run, and that could not be stored. Try again; nothing is done twice.',
  paused: 'Writes are paused.',
  'control-unreadable': 'Whether writes are paused could not be read, so it was left alone.',
  'dry-run': 'Dry-run; it is as the run left it, and would be undone.',
  'out-of-time': 'Time ran out before this was undone.',
} as const;

/** A documented reason of one undone change. */
export type RestoreReason = keyof typeof restoreReasons;
