/** Every reason for which the guard refuses an action, with its sentence for people. */
export const refusalReasons = {
  'break-glass': 'The user is one of the break-glass users: never denied anything.',
  'own-principal': 'The user is one of those that remedykit itself acts as.',
  paused: 'Writes are paused.',
  'control-unreadable': 'Whether writes are paused could not be read, so nothing is written.',
  'limit-users': 'As many users as a day allows were acted on in the last 24 hours; the next runs go on.',
  'journal-unreadable': 'Entries of the journal cannot be read, so nobody knows how many users were acted on.',
  'part-refused': 'Another step for the same case is refused, and half of them would be worse than none.',
} as const;

/** A documented reason of a refusal. */
export type RefusalReason = keyof typeof refusalReasons;
