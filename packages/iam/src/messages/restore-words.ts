import type { Text } from '@remedykit/core';
import type { JournalEntry } from '../model/action.ts';
import type { RuleName } from '../model/case.ts';
import type { RestoredEntry } from '../restore/restore-outcome.ts';
import { credentialText, nounOf, ruleNames } from './credential-text.ts';
import { maskId } from './mask-id.ts';
import { ours, say } from './say.ts';

/** How the undoing of one change ended, as people are told of it. */
export type RestoreEnd =
  /** The answer was lost. */
  | 'unknown'
  | 'failed'
  | 'refused'
  | 'restored'
  /** Undone, and that could not be stored. */
  | 'unmarked'
  /** In a dry-run. */
  | 'would'
  /** Not undone, for a reason that a retry does not change. */
  | 'left'
  /** By an earlier call. */
  | 'before'
  /** There was nothing to undo: it never took effect, or took nothing from anybody. */
  | 'nothing';

/** How the undoing of one change ended. Pure. */
export const endOf = ({ status, reason, entry }: RestoredEntry): RestoreEnd => {
  if (reason === 'unknown-effect') return 'unknown';
  if (reason === 'restored-unmarked') return 'unmarked';
  if (status === 'failed' || status === 'refused') return status;
  if (reason === 'restored') return 'restored';
  if (reason === 'dry-run') return 'would';
  if (reason === 'already-restored') return 'before';
  return reason === 'not-applied' || entry.action === 'detach-policy' ? 'nothing' : 'left';
};

const isRule = (name: string): name is RuleName => Object.hasOwn(ruleNames, name);

/** The credential of a change, as its case has it: `access key AKIA…7Q2X`. */
const whatOf = ({ action, caseId }: JournalEntry): Text => {
  if (action === 'attach-policy') return ours('console access');
  if (action === 'detach-policy') return ours('a policy that was detached');
  if (action === 'delete-login-profile') return ours(nounOf('mfa'));
  const [rule = '', ...id] = caseId.split('/');
  return isRule(rule) ? credentialText({ rule, credentialId: id.join('/') }) : ours('a credential');
};

/** Whose change it was and of what: `ada, access key AKIA…7Q2X`. */
export const nameOf = (entry: JournalEntry): Text => say`${entry.subject.userName}, ${whatOf(entry)}`;

/** Ids that their prefix gives away: access keys, temporary ones, service-specific credentials, SSH keys, certificates. */
const prefixed = /(?:AKIA|ASIA|ACCA|APKA|ASCA)[A-Z0-9]{8,124}/g;

/** A sentence that may quote what AWS answered, with ids masked. */
export const becauseOf = ({ because, entry }: RestoredEntry): string => {
  const id = entry.caseId.slice(entry.caseId.indexOf('/') + 1);
  const known = id.length < 12 ? because : because.replaceAll(id, maskId(id));
  return known.replace(prefixed, maskId);
};
