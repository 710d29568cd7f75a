import type { ChangeEnd, ChangeKind } from './changes.ts';

/** A change in the words of each of its ends. */
export interface ChangeWords {
  /** It is done. */
  readonly done: string;
  /** It would be done. */
  readonly would: string;
  /** It was to be done, and was not. */
  readonly not: string;
  /** What it is: `deactivation`. */
  readonly noun: string;
  /** As one count of a title: `3 deactivated`. */
  readonly short: string;
  readonly shortWould: string;
}

const policyWords = (policy: 'enrolment' | 'hold', verb: 'attached' | 'detached'): ChangeWords => ({
  done: `Half a swap: policy ${policy} ${verb}`,
  would: `Half a swap: policy ${policy} would be ${verb}`,
  not: `Half a swap: policy ${policy} NOT ${verb}`,
  noun: `policy ${policy} to be ${verb}`,
  short: `policy ${policy} ${verb}`,
  shortWould: `policy ${policy} would be ${verb}`,
});

/** All changes, those that take most first. */
export const changeWords: Readonly<Record<ChangeKind, ChangeWords>> = {
  'password-deleted': {
    done: 'Password DELETED, which nobody can undo',
    would: 'Password would be DELETED, which nobody can undo',
    not: 'Password NOT deleted',
    noun: 'deletion of the password',
    short: 'password deleted',
    shortWould: 'password would be deleted',
  },
  held: {
    done: 'Put on hold, every session is denied until a person answers',
    would: 'Would be put on hold, every session denied until a person answers',
    not: 'NOT put on hold',
    noun: 'hold',
    short: 'put on hold',
    shortWould: 'would be put on hold',
  },
  closed: {
    done: 'Back on hold',
    would: 'Would be put back on hold',
    not: 'NOT put back on hold, enrolment stays open',
    noun: 'return to hold',
    short: 'back on hold',
    shortWould: 'would be back on hold',
  },
  denied: {
    done: 'Console denied until MFA is set up',
    would: 'Console would be denied until MFA is set up',
    not: 'Console NOT denied',
    noun: 'deny of the console until MFA is set up',
    short: 'denied until MFA',
    shortWould: 'would be denied until MFA',
  },
  deactivated: {
    done: 'Deactivated, not deleted',
    would: 'Would be deactivated, not deleted',
    not: 'NOT deactivated',
    noun: 'deactivation',
    short: 'deactivated',
    shortWould: 'would be deactivated',
  },
  opened: {
    done: 'Taken off hold to set up MFA, for 48 hours',
    would: 'Would be taken off hold to set up MFA, for 48 hours',
    not: 'NOT taken off hold',
    noun: 'end of a hold',
    short: 'taken off hold',
    shortWould: 'would be taken off hold',
  },
  freed: {
    done: 'Free again',
    would: 'Would be free again',
    not: 'NOT freed, the policy is still attached',
    noun: 'release',
    short: 'free again',
    shortWould: 'would be free again',
  },
  'hold-attached': policyWords('hold', 'attached'),
  'enrolment-attached': policyWords('enrolment', 'attached'),
  'enrolment-detached': policyWords('enrolment', 'detached'),
  'hold-detached': policyWords('hold', 'detached'),
};

/** Kinds in the order in which they are told. */
export const changeKinds: readonly ChangeKind[] = Object.keys(changeWords) as ChangeKind[];

/** What a group of changes came to, as the head of its list. */
export const headWords = (kind: ChangeKind, end: ChangeEnd, preview: boolean): string => {
  const { done, would, not, noun } = changeWords[kind];
  switch (end) {
    case 'applied':
      return done;
    case 'planned':
      return would;
    case 'unknown':
      return `NOBODY KNOWS whether it took effect: ${noun}`;
    case 'failed':
      return `${not}, it failed`;
    case 'refused':
      return preview ? `Would be refused: ${noun}` : `${not}, refused`;
    case 'skipped':
      return `${not}, left as it was found`;
    case 'already-applied':
      return `Nothing written, there was no need: ${noun}`;
  }
};
