import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { credentialDeciders } from '../deciders.ts';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import { checkOutcome } from '../testing/model/checks.ts';
import { finish, undoAll } from '../testing/model/finish.ts';
import { createPlay, type Done, type Play, playEpisode } from '../testing/model/play.ts';
import { type Story, story } from '../testing/model/story.ts';

// Whatever happens to the enforcer, at once and one after another, with any request going wrong at any time, and whatever
// people and SES do beside it: these hold.

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
vi.setConfig({ testTimeout: 60_000 + numRuns * 500 });

const stateOf = (done: Done): string => {
  const account = done.run?.accounts[0];
  return JSON.stringify([
    account?.open.map(({ caseId, userId, state, action, reason }) => [caseId, userId, state, action, reason]),
    account?.exempt.map(({ userName, expires }) => [userName, expires]),
    account?.skipped.map(({ reason, subject }) => [reason, subject]),
    account?.cannotWarn.map(({ reason }) => reason),
    account?.faults.map(({ reason }) => reason),
    account?.onHold.map(({ subject }) => subject),
    account?.actions.map(({ subject, action, status, reason }) => [subject, action, status, reason]),
  ]);
};

const tell = async (told: Story): Promise<Play> => {
  const play = createPlay(told);
  for (const episode of told.episodes)
    for (const done of await playEpisode(play, episode)) await checkOutcome(play, done);
  const mails = play.bag.mails.length;
  const [first, second] = await finish(play);
  const isQuiet = play.bag.mails.length === mails && stateOf(first) === stateOf(second);
  const [account] = second.run?.accounts ?? [];
  const endsSoon = account?.exempt.some(({ announce }) => announce) ?? false;
  // Who is left to security is told of with every run.
  const isLeft = (account?.due ?? []).length > 0;
  if (isQuiet && !endsSoon && !isLeft && second.run !== undefined)
    expect(runSummaryMessage(second.run)).toBeUndefined();
  await undoAll(play);
  play.audit.assertReplays(credentialDeciders);
  return play;
};

it('I31, I32, I33, I36: whatever happens, each stage is mailed once but where a crash or a lost answer hid it, and nobody exempt or compliant is', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => void (await tell(told))),
    { numRuns },
  );
});

it('the stories reach what they are about', async () => {
  const seen: Record<string, number> = {
    ...{ doubles: 0, acts: 0, failures: 0, mails: 0, resumed: 0, restores: 0, answers: 0, refusals: 0, denied: 0 },
    ...{ deactivate: 0, 'attach-policy': 0, 'detach-policy': 0, 'delete-login-profile': 0, activate: 0 },
  };
  const count = (what: string, more: number): void => {
    seen[what] = (seen[what] ?? 0) + more;
  };
  for (const told of fc.sample(story, { numRuns: 80, seed: 3 })) {
    const play = await tell(told);
    const { writes, ...counts } = play.seen;
    for (const [what, more] of Object.entries({ ...counts, ...writes })) count(what, more);
    count('doubles', play.bag.doubles.length);
    count('mails', play.bag.mails.length);
    count('denied', play.denies.length);
  }
  for (const [what, reached] of Object.entries(seen)) expect(reached, what).toBeGreaterThan(0);
});
