import { hours, type Json, minutes, seconds } from '@remedykit/core';
import { listAccount, statusOf } from '../../actions/journal.ts';
import { addDays, ageInDays, utcDay } from '../../days.ts';
import type { JournalEntry } from '../../model/action.ts';
import type { StoppedClock } from '../../model/case.ts';
import { sha256 } from '../../warnings/mail-key.ts';
import type { UserView } from '../fake-iam/views.ts';
import { accountId, breakGlass, exemptTag, isDenied, ownPrincipals, policies, security } from './cast.ts';
import type { Play, Worker } from './play.ts';
import type { Write } from './reach.ts';
import type { TrueMail } from './truth.ts';

// For tests alone: what must be true of every write of IAM at the moment when it takes effect, by what is known beside the
// code that decided on it.

/** The rule of people: whole UTC days that a warning must be old. */
export const minimumWarningDays = 10;
const requestDays = 14;
/** What was read less than 10 minutes ago counts as live. */
const liveFor = minutes(10);

/** A write that took place, by whom it was intended. */
export interface Performed {
  readonly entry: JournalEntry;
  readonly at: number;
  /** Whether it changed anything. */
  readonly hadEffect: boolean;
}

/** A warning, or request, that a deed may rest on. */
export const countsAs = (mail: TrueMail): 'warning' | 'request' | undefined => {
  if (mail.stage === 'undeliverable') return 'request';
  return mail.to !== security || mail.stage === 'unowned' ? 'warning' : undefined;
};

const nameIn = ({ input }: Write): string => String(input.UserName);

const targetIdIn = ({ input }: Write): string =>
  String(input.AccessKeyId ?? input.ServiceSpecificCredentialId ?? input.PolicyArn ?? 'password');

const targetIdOf = ({ target }: JournalEntry): string => {
  switch (target.kind) {
    case 'access-key':
      return target.accessKeyId;
    case 'service-specific':
      return target.credentialId;
    case 'managed-policy':
      return target.policyArn;
    default:
      return 'password';
  }
};

const actionsOf = ({ name, input }: Write): JournalEntry['action'] | 'activate' => {
  if (name === 'AttachUserPolicy') return 'attach-policy';
  if (name === 'DetachUserPolicy') return 'detach-policy';
  if (name === 'DeleteLoginProfile') return 'delete-login-profile';
  return input.Status === 'Active' ? 'activate' : 'deactivate';
};

const find = ({ iam }: Play, name: string): UserView | undefined => iam.users.find((user) => user.name === name);

const credentialOf = (user: UserView | undefined, id: string) =>
  [...(user?.keys ?? []), ...(user?.serviceSpecific ?? [])].find((one) => one.id === id);

const documentAt = async ({ store }: Play, key: string): Promise<Record<string, Json | undefined> | undefined> =>
  (await store.get(key))?.value as Record<string, Json | undefined> | undefined;

/** When a worker last read a document. */
const readAt = ({ reach }: Worker, key: string): number | undefined =>
  reach.requests.findLast(({ name, fault }) => name === `get ${key}` && fault === undefined)?.at;

const runningDays = (from: number, now: number, stopped: readonly StoppedClock[]): number => {
  const day = utcDay(new Date(from));
  return Array.from({ length: Math.max(0, ageInDays(day, new Date(now))) }, (_, index) => addDays(day, index)).filter(
    (one) => !stopped.some((stop) => stop.from < addDays(one, 1) && (stop.until ?? new Date(now).toISOString()) > one),
  ).length;
};

/** Whether the warnings about a case, or what stands for them, leave the notice. */
const isWarned = async (play: Play, worker: Worker, entry: JournalEntry, journal: readonly JournalEntry[]) => {
  const { bag, time, story, foundExempt } = play;
  const now = time.now().getTime();
  const { userId } = entry.subject;
  const answer = await documentAt(play, `iam/${accountId}/answer/${userId}`);
  if (answer?.decision === 'act' && Date.parse(String(answer.until)) > now) return true;
  const account = await documentAt(play, `iam/${accountId}/account`);
  const stopped = ((account?.stopped ?? []) as unknown as StoppedClock[]).filter(
    ({ from }) => Date.parse(from) <= worker.startedAt,
  );
  const deactivated = journal
    .filter((one) => one.action === 'deactivate' && one.subject.userId === userId && statusOf(one) === 'completed')
    .filter((one) => targetIdOf(one) === targetIdOf(entry))
    .map(({ completedAt = '' }) => Date.parse(completedAt))
    .filter((at) => at < worker.startedAt);
  const exempt = foundExempt.get(userId) ?? 0;
  const from = Math.max(0, exempt < worker.startedAt ? exempt : 0, ...deactivated);
  const stands = (mail: TrueMail): boolean =>
    mail.failedAt === undefined ||
    mail.failedAt > (readAt(worker, `iam/${accountId}/mail/${sha256(mail.key)}`) ?? worker.startedAt);
  const told = bag.mails.filter(
    (mail) => mail.userId === userId && mail.caseId === entry.caseId && mail.at > from && stands(mail),
  );
  const isOld = (mail: TrueMail, notice: number): boolean => runningDays(mail.at, now, stopped) >= notice;
  return told.some(
    (mail) =>
      (countsAs(mail) === 'warning' && isOld(mail, minimumWarningDays)) ||
      (countsAs(mail) === 'request' && story.undeliverable === 'act' && isOld(mail, requestDays)),
  );
};

/** Why a user must not be denied anything, by what was so long enough for the worker to know. */
const whyExempt = async (play: Play, worker: Worker, user: UserView): Promise<string | undefined> => {
  const { time, story, tagged } = play;
  const now = time.now().getTime();
  if (breakGlass.includes(user.arn)) return 'break-glass';
  if (ownPrincipals.includes(user.arn)) return 'own principal';
  if ((worker.listed.get(user.name)?.getTime() ?? 0) > now) return 'exempt by the list';
  const tag = user.tags[exemptTag];
  if (story.tagsExempt && tag !== undefined && (tagged.get(user.name) ?? 0) < now - liveFor)
    if (Date.parse(tag.slice(0, 10)) > now) return 'exempt by tag';
  const key = `iam/${accountId}/exemption/${user.userId}`;
  const stored = await documentAt(play, key);
  if (stored === undefined || Date.parse(String(stored.expires)) <= now) return undefined;
  const seen = readAt(worker, key);
  return seen === undefined || (play.exemptedAt.get(user.userId) ?? 0) < seen ? 'exempt by a person' : undefined;
};

const complies = ({ password, mfa }: UserView): boolean => password === undefined || mfa.length > 0;

/** Whether nobody touched a user so lately that a worker need not know. */
const isSettled = ({ time, changedAt, ownAt }: Play, name: string): boolean =>
  time.now().getTime() - Math.max(changedAt.get(name) ?? 0, ownAt.get(name) ?? 0) >= liveFor;

const checkDeny = async (
  play: Play,
  worker: Worker,
  { user, entry, isNew }: { readonly user: UserView; readonly entry: JournalEntry; readonly isNew: boolean },
  journal: readonly JournalEntry[],
): Promise<string | undefined> => {
  const { time, sandboxSince, denies, story } = play;
  const now = time.now();
  const exempt = await whyExempt(play, worker, user);
  if (exempt !== undefined) return exempt;
  const settled = isSettled(play, user.name);
  const [rule, credentialId = ''] = entry.caseId.split('/');
  if (rule === 'mfa') {
    if (settled && complies(user)) return 'complies';
  } else {
    const credential = credentialOf(user, credentialId);
    if (settled && credential?.active !== true) return 'is not active';
    if (credential === undefined) return undefined;
    if (rule !== 'key-unused' && ageInDays(credential.createdAt, now) < 90) return 'is young';
    const used = 'lastUsedAt' in credential ? (credential.lastUsedAt ?? '') : '';
    if (settled && rule === 'key-unused' && used !== '' && ageInDays(used, now) < 60) return 'was used';
  }
  if (!isNew) return undefined;
  if (sandboxSince < worker.startedAt) return 'nobody can be warned';
  if (!(await isWarned(play, worker, entry, journal))) return 'nobody was warned in time';
  const recent = denies.filter(({ at }) => at > now.getTime() - hours(24)).map(({ userId }) => userId);
  return new Set([...recent, user.userId]).size > story.maxUsersPerDay ? 'beyond the limit' : undefined;
};

/** Of a detachment: nobody is let go who is to be denied. */
const checkDetach = async (play: Play, user: UserView, entry: JournalEntry): Promise<string | undefined> => {
  const arn = targetIdOf(entry);
  const other = arn === policies.hold.arn ? policies.enrolment.arn : policies.hold.arn;
  if (user.attachedPolicies.includes(other) || !user.attachedPolicies.includes(arn)) return undefined;
  if (!isSettled(play, user.name)) return undefined;
  const isExempt =
    (play.exempt.get(user.name)?.getTime() ?? 0) > play.time.now().getTime() - liveFor ||
    user.tags[exemptTag] !== undefined ||
    (await documentAt(play, `iam/${accountId}/exemption/${user.userId}`)) !== undefined;
  if (isExempt) return undefined;
  if (!complies(user)) return 'is left with neither policy';
  const answer = await documentAt(play, `iam/${accountId}/answer/${user.userId}`);
  return arn === policies.hold.arn && answer?.decision !== 'confirm' ? 'a hold ends without an answer' : undefined;
};

const isPaused = ({ time, pauses }: Play, effect: JournalEntry['effect']): boolean => {
  const now = time.now().getTime();
  return pauses.some(
    ({ scope, from, until }) =>
      (scope === 'all-writes' || effect === 'new-deny') && from < now - seconds(30) && now < until,
  );
};

/** Why a write must not be, if so. */
const whyNot = async (
  play: Play,
  worker: Worker,
  write: Write,
  { entry, journal }: { readonly entry: JournalEntry; readonly journal: readonly JournalEntry[] },
): Promise<string | undefined> => {
  const user = find(play, nameIn(write));
  const action = actionsOf(write);
  if (isPaused(play, action === entry.action ? entry.effect : 'release')) return 'is written in a pause';
  if (user === undefined || user.userId !== entry.subject.userId)
    return isSettled(play, nameIn(write)) ? 'is another user' : undefined;
  if (action !== entry.action) {
    const exemption = await documentAt(play, `iam/${accountId}/exemption/${user.userId}`);
    return exemption === undefined ? 'is given back to somebody who is not exempt' : undefined;
  }
  if (action === 'detach-policy') return checkDetach(play, user, entry);
  if (action === 'attach-policy') {
    const looked = worker.reach.requests.find(({ name }) => name === 'GetPolicy')?.at ?? 0;
    if ([...play.driftedAt.values()].some((at) => at < looked)) return 'is attached in spite of drift';
  }
  const isFromNothing = !isDenied(user);
  // In the place of a hold it gives back more than it takes.
  if (targetIdOf(entry) === policies.enrolment.arn && user.attachedPolicies.includes(policies.hold.arn))
    return undefined;
  return checkDeny(play, worker, { user, entry, isNew: action !== 'attach-policy' || isFromNothing }, journal);
};

const isDeny = (before: UserView, write: Write): boolean => {
  const action = actionsOf(write);
  if (action === 'delete-login-profile') return before.password !== undefined;
  if (action === 'deactivate') return credentialOf(before, targetIdIn(write))?.active === true;
  if (action !== 'attach-policy' || before.attachedPolicies.includes(targetIdIn(write))) return false;
  return targetIdIn(write) === policies.hold.arn || !isDenied(before);
};

/** Looks at a write before it takes effect, and notes it after; what is wrong is noted of the worker. */
export const watchWrite = async (play: Play, worker: Worker, write: Write): Promise<() => void> => {
  const action = actionsOf(write);
  const { entries: journal } = await listAccount(play.store, accountId);
  const status = worker.kind === 'restore' ? 'restoring' : 'intended';
  // Two that go on with the same run share its entries, and one of them may be faster.
  const isJustDone = (one: JournalEntry): boolean =>
    statusOf(one) === 'completed' && Date.parse(one.intendedAt) >= worker.startedAt;
  const candidates = journal.filter(
    (one) =>
      (statusOf(one) === status || isJustDone(one)) &&
      one.subject.userName === nameIn(write) &&
      targetIdOf(one) === targetIdIn(write) &&
      (worker.kind === 'restore' || one.action === action),
  );
  // One that goes on with a run has its id; of others that run beside it each has its own.
  const entry = candidates.findLast(({ runId }) => runId.startsWith(`${worker.name}-`)) ?? candidates.at(-1);
  const before = find(play, nameIn(write));
  const where = `${action} ${targetIdIn(write)} of ${nameIn(write)} at ${play.time.now().toISOString()}`;
  if (entry === undefined) {
    worker.wrong.push(new Error(`${where}: no entry of the journal says ${status}`));
    return () => undefined;
  }
  const why = await whyNot(play, worker, write, { entry, journal });
  if (why !== undefined) worker.wrong.push(new Error(`${where} (${entry.caseId}, ${entry.reason}): ${why}`));
  return () => {
    const at = play.time.now().getTime();
    const after = find(play, nameIn(write));
    const hadEffect = JSON.stringify(before) !== JSON.stringify(after);
    play.seen.writes[action] = (play.seen.writes[action] ?? 0) + 1;
    worker.performed.push({ entry, at, hadEffect });
    play.ownAt.set(nameIn(write), at);
    if (hadEffect && worker.kind === 'run') play.effects.push({ entry, at, hadEffect });
    if (before !== undefined && hadEffect && isDeny(before, write)) play.denies.push({ userId: before.userId, at });
  };
};
