import { listAccount, statusOf } from '../../actions/journal.ts';
import type { JournalEntry } from '../../model/action.ts';
import { accountId } from './cast.ts';
import { checkOutcome, isPeaceful } from './checks.ts';
import { type Done, type Play, playPeace, restore, runsOf } from './play.ts';

// For tests alone: how a story ends, and what must be true then.

const journalOf = async ({ store }: Play): Promise<readonly JournalEntry[]> =>
  (await listAccount(store, accountId)).entries;

const keyOf = ({ runId, stepId, subject }: JournalEntry): string => `${runId} ${subject.userId} ${stepId}`;

const isSameDeed = (one: JournalEntry, other: JournalEntry): boolean =>
  one.action === other.action &&
  one.subject.userId === other.subject.userId &&
  JSON.stringify(one.target) === JSON.stringify(other.target);

/** Every change that took effect is in the journal as one that did, unless what it was about is gone or was changed back. */
const checkEffects = async (play: Play): Promise<void> => {
  const journal = new Map((await journalOf(play)).map((entry) => [keyOf(entry), entry]));
  for (const { entry, at } of play.effects) {
    const held = journal.get(keyOf(entry));
    const status = held === undefined ? 'missing' : statusOf(held);
    if (['completed', 'restoring', 'restored'].includes(status)) continue;
    if ((play.changedAt.get(entry.subject.userName) ?? 0) > at) continue;
    // Of runs that do the same at once, one stands for it.
    if (
      [...journal.values()].some((other) => isSameDeed(other, entry) && (other.completedAt ?? '') >= entry.intendedAt)
    )
      continue;
    throw new Error(`${entry.stepId} took effect at ${new Date(at).toISOString()}, and the journal says ${status}`);
  }
};

/** In peace a second run on the same day writes nothing to IAM and mails nobody. */
const checkSecondRun = async (play: Play, first: Done): Promise<void> => {
  const mails = play.bag.mails.length;
  const second = await playPeace(play, { after: 0.3 });
  await checkOutcome(play, second);
  const { run } = first;
  if (run === undefined || second.run === undefined || run.at.slice(0, 10) !== second.run.at.slice(0, 10)) return;
  if (!isPeaceful(play, first) || !isPeaceful(play, second)) return;
  // What came back meanwhile is news.
  if (play.bag.mails.some(({ failedAt = 0 }) => failedAt >= Date.parse(run.at))) return;
  // Whose keys the first one deactivated has no active keys any more: that may be what kept the console open.
  const hadKeys = (userId: string): boolean =>
    first.worker.performed.some(({ entry }) => entry.subject.userId === userId && entry.target.kind === 'access-key');
  // A confirmation may run out between the two.
  const written = second.worker.performed.find(
    ({ entry }) => !hadKeys(entry.subject.userId) && entry.reason !== 'confirm-lapsed',
  );
  if (written !== undefined) throw new Error(`the second run of ${second.run.at} writes: ${JSON.stringify(written)}`);
  // An address that came to be known is tried by the run after the one that asked security.
  if (run.steps.some(({ stepId }) => stepId.endsWith('/undeliverable'))) return;
  if (play.bag.mails.length !== mails)
    throw new Error(`the second run of ${second.run.at} mails: ${play.bag.mails.at(-1)?.key}`);
};

const isUndoable = ({ action }: JournalEntry): boolean => action === 'deactivate' || action === 'attach-policy';

/** Whether what an entry did is still there, by the account alone. */
const stands = (play: Play, { subject, target, before }: JournalEntry): boolean => {
  const user = play.iam.users.find(({ userId }) => userId === subject.userId);
  if (user === undefined) return false;
  if (target.kind === 'managed-policy') return user.attachedPolicies.includes(target.policyArn);
  const id =
    target.kind === 'access-key' ? target.accessKeyId : target.kind === 'service-specific' ? target.credentialId : '';
  const found = [...user.keys, ...user.serviceSpecific].find((one) => one.id === id);
  return found !== undefined && !found.active && before.kind === 'credential' && found.createdAt === before.createdAt;
};

/** Restoring every run undoes all that stands, and the next run leaves those users alone. */
const checkRestores = async (play: Play): Promise<void> => {
  const journal = await journalOf(play);
  const wereUndone = journal.filter((entry) => statusOf(entry) === 'restored').map(keyOf);
  const isReleased = (entry: JournalEntry): boolean =>
    journal.some(
      (later) =>
        later.action === 'detach-policy' &&
        statusOf(later) !== 'failed' &&
        later.intendedAt > entry.intendedAt &&
        later.subject.userId === entry.subject.userId &&
        JSON.stringify(later.target) === JSON.stringify(entry.target),
    );
  const mine = journal.filter(
    (entry) =>
      isUndoable(entry) &&
      !['failed', 'restored'].includes(statusOf(entry)) &&
      stands(play, entry) &&
      // Detached by a later run: what is there now is by other hands.
      !isReleased(entry),
  );
  for (const runId of await runsOf(play)) await play.time.run(restore(play, runId, 20));
  if (play.wrong.length > 0) throw play.wrong[0];
  for (const entry of mine)
    if (stands(play, entry)) throw new Error(`${entry.stepId} of ${entry.intendedAt} was not undone by any restore`);
  const undone = (await journalOf(play)).filter(
    (entry) => statusOf(entry) === 'restored' && !wereUndone.includes(keyOf(entry)),
  );
  const denied = play.denies.length;
  const next = await playPeace(play);
  await checkOutcome(play, next);
  for (const { userId } of play.denies.slice(denied))
    if (undone.some(({ subject }) => subject.userId === userId))
      throw new Error(`${userId} is acted on again, in spite of the restore`);
  play.seen.restores += undone.length;
};

/** The end of a story: two days in peace, one more run on the second of them, and everything undone. */
export const finish = async (play: Play): Promise<readonly [Done, Done]> => {
  const first = await playPeace(play, { late: true });
  await checkOutcome(play, first);
  await checkSecondRun(play, first);
  const second = await playPeace(play);
  await checkOutcome(play, second);
  await checkEffects(play);
  return [first, second];
};

/** After it nothing is left as runs left it. */
export const undoAll = async (play: Play): Promise<void> => checkRestores(play);
