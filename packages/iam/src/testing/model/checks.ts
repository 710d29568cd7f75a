import { minutes, needsRetry } from '@remedykit/core';
import { listAccount, statusOf } from '../../actions/journal.ts';
import { ageInDays } from '../../days.ts';
import type { CredentialRun } from '../../enforcer/outcome.ts';
import type { UserView } from '../fake-iam/views.ts';
import { accountId, policies } from './cast.ts';
import { countsAs, minimumWarningDays } from './oracle.ts';
import { type Done, isOpen, type Play, pausedUntil } from './play.ts';
import { Dead } from './reach.ts';

// For tests alone: what must be true of what a run says.

const refusedInPeace = ['limit-users', 'break-glass', 'own-principal', 'policy-drift', 'part-refused'];

/** Whether nothing disturbed a run, so that it came to its end with all that it could do. */
export const isPeaceful = (play: Play, { run, worker }: Done): boolean => {
  const [account] = run?.accounts ?? [];
  // One that goes on with another tells of the users who were left alone.
  if (run === undefined || !run.runId.startsWith(`${worker.name}-`)) return false;
  const at = Date.parse(run.at);
  return (
    play.disturbedAt < at &&
    account !== undefined &&
    account.done &&
    !needsRetry(run) &&
    account.cannotWarn.length === 0 &&
    play.pauses.every(({ until }) => until < at) &&
    pausedUntil(play) < at &&
    run.steps.every(
      ({ status, reason = '' }) =>
        status === 'applied' ||
        status === 'already-applied' ||
        (status === 'refused' && refusedInPeace.includes(reason)),
    )
  );
};

const isAction = (action: string): boolean =>
  ['deactivate', 'attach-policy', 'detach-policy', 'delete-login-profile'].includes(action);

/** What a run says of its writes is what it did. */
const checkReported = (play: Play, { worker }: Done, run: CredentialRun): void => {
  const { performed, startedAt } = worker;
  const steps = run.steps.filter(({ action }) => isAction(action));
  // A write that was lost is taken for done where a look shows it so: by whom nobody can tell.
  const isByOthers = (stepId: string): boolean =>
    play.effects.some(({ entry, at }) => entry.stepId === stepId && at >= startedAt) ||
    (play.changedAt.get(stepId.split('/')[0] ?? '') ?? 0) >= startedAt;
  for (const { stepId, status } of steps)
    if (status === 'applied' && !isByOthers(stepId) && !performed.some(({ entry }) => entry.stepId === stepId))
      throw new Error(`${stepId} is said to be applied in the run of ${run.at}, and was not`);
  for (const { entry, hadEffect } of performed) {
    const said = steps.find(({ stepId }) => stepId === entry.stepId);
    const isSaid = said?.status === 'applied' || said?.reason === 'unknown-effect';
    // Of what its answer did not tell, a look may be of before the effect.
    if (hadEffect && !isSaid)
      throw new Error(`${entry.stepId} took effect in the run of ${run.at}, which says ${JSON.stringify(said)}`);
  }
};

/** What must be true of an outcome. */
export const checkOutcome = async (play: Play, done: Done): Promise<void> => {
  const { run, reach, thrown } = done;
  const struck = reach.requests.filter(
    ({ fault, service, name }, at) =>
      fault !== undefined &&
      // Who is looked at first is no matter of failure, and the mailer's preflight is told of as an error.
      service === 'store' &&
      at > 1 &&
      !name.startsWith('get control') &&
      // How far a run came is kept to save time: without it the next begins anew, and loses nothing.
      !/ iam\/run\//.test(name),
  );
  if (thrown !== undefined && !(thrown instanceof Dead)) throw thrown;
  if (run === undefined) return;
  const [account] = run.accounts;
  if (account === undefined) throw new Error('no account in the outcome');
  if (struck.length > 0) {
    play.seen.failures += 1;
    const isSaid = run.steps.some(
      ({ status, reason }) => status === 'failed' || reason === 'mail-unmarked' || reason === 'journal-unmarked',
    );
    if (!isSaid && !struck.every(({ name }) => isForgettable(run, name)))
      throw new Error(`nothing is said of ${JSON.stringify(struck)}: ${JSON.stringify(run.steps)}`);
  }
  play.seen.refusals += run.steps.filter(({ status }) => status === 'refused').length;
  checkReported(play, done, run);
  for (const one of account.open) {
    if (one.action !== 'act' || one.reason === 'answered-act') continue;
    play.seen.acts += 1;
    const found = play.foundExempt.get(one.userId) ?? 0;
    // Another worker may have found it after this one ended.
    const since = found < Date.parse(run.at) ? found : 0;
    const told = play.bag.mails.filter(
      (mail) =>
        mail.userId === one.userId &&
        mail.caseId === one.caseId &&
        (mail.failedAt === undefined || mail.failedAt > Date.parse(run.at)) &&
        mail.at > since &&
        countsAs(mail) === (one.state === 'undeliverable' ? 'request' : 'warning'),
    );
    const notice = one.state === 'undeliverable' ? 14 : minimumWarningDays;
    if (!told.some(({ at }) => ageInDays(new Date(at), run.at) >= notice))
      throw new Error(`${one.caseId} of ${one.userName} is acted on without notice`);
    if (one.state === 'undeliverable' && play.story.undeliverable === 'report')
      throw new Error('acted on by no policy');
    if (play.sandboxSince < Date.parse(run.at)) throw new Error('acted on while nobody can be warned');
  }
  if (!isPeaceful(play, done)) return;
  checkEverybody(play, run);
  checkFree(play, run);
  await checkSettled(play, run);
};

/** What is remembered of a deed only saves the next run its reads; that it could not be kept is not told. */
const isForgettable = ({ steps }: CredentialRun, name: string): boolean =>
  steps.some(({ action, status }) => action === 'deactivate' && status !== 'refused') && / iam\/\d+\/user\//.test(name);

const complies = ({ password, mfa }: UserView): boolean => password === undefined || mfa.length > 0;

/** Whoever complies and is not on hold is free. */
const checkFree = (play: Play, run: CredentialRun): void => {
  const seenUntil = Date.parse(run.accounts[0]?.reportGeneratedAt ?? '');
  if (play.story.mfa.action !== 'deny-until-mfa') return;
  for (const user of play.iam.users) {
    if ((play.changedAt.get(user.name) ?? 0) >= seenUntil || !complies(user)) continue;
    const { attachedPolicies } = user;
    if (attachedPolicies.includes(policies.enrolment.arn) && !attachedPolicies.includes(policies.hold.arn))
      throw new Error(`${user.name} complies and is not free after the run of ${run.at}`);
  }
};

/** Nothing that was intended before is left open. */
const checkSettled = async (play: Play, run: CredentialRun): Promise<void> => {
  const { entries } = await listAccount(play.store, accountId);
  for (const entry of entries)
    if (statusOf(entry) === 'intended' && Date.parse(entry.intendedAt) < Date.parse(run.at) - minutes(15))
      throw new Error(`${entry.stepId} of ${entry.intendedAt} is left open by the run of ${run.at}`);
};

const openCaseIds = (user: UserView): string[] => [
  'mfa/password',
  ...user.keys.flatMap(({ id }) => [`key-age/${id}`, `key-unused/${id}`]),
  ...user.serviceSpecific.map(({ id }) => `service-specific-age/${id}`),
];

/** After a run that ended without failure everybody is listed, and was mailed whatever is due. */
const checkEverybody = (play: Play, run: CredentialRun): void => {
  const [account] = run.accounts;
  if (account === undefined) return;
  // What is younger than the report, the next run sees.
  const seenUntil = Date.parse(account.reportGeneratedAt ?? '');
  const exempt = new Set(account.exempt.map(({ userName }) => userName));
  for (const user of play.iam.users) {
    const touched = Math.max(play.changedAt.get(user.name) ?? 0, play.ownAt.get(user.name) ?? 0);
    if (exempt.has(user.name) || touched >= seenUntil) continue;
    for (const caseId of openCaseIds(user)) {
      if (!isOpen(play, { userId: user.userId, caseId })) continue;
      if (!account.open.some((one) => one.userId === user.userId && one.caseId === caseId))
        throw new Error(`${caseId} of ${user.name} is not seen in the run of ${run.at}`);
    }
  }
  for (const one of account.open) {
    // An address that came to be known is tried by the run after the one that asked security.
    const asked = `${one.userName}/${one.caseId}/undeliverable`;
    if (one.action === 'warn' && run.steps.some(({ stepId }) => stepId === asked)) continue;
    if (one.action === 'warn') throw new Error(`${one.caseId} of ${one.userName} is not mailed: ${one.because}`);
    if (one.reason === 'mail-under-way' || one.state !== 'warned' || run.at >= one.deadline) continue;
    const left = -ageInDays(one.deadline, run.at);
    const stages = one.rule === 'mfa' ? [14, 7, 1, 0] : [10, 5, 1, 0];
    const due = Math.min(...stages.filter((stage) => left <= stage));
    const isMailed = play.bag.mails.some(
      ({ userId, caseId, deadline, stage }) =>
        userId === one.userId &&
        caseId === one.caseId &&
        deadline === one.deadline.slice(0, 10) &&
        (stage === 'unowned' || Number(stage) <= due),
    );
    if (Number.isFinite(due) && !isMailed && one.reason !== 'no-address-for-reminder')
      throw new Error(`stage ${due} of ${one.caseId} of ${one.userName} (${one.deadline}) was not mailed by ${run.at}`);
  }
};
