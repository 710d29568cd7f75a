import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { credentialDeciders } from '../deciders.ts';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import { checkOutcome, createPlay, type Play, playEpisode, playPeacefulDay } from '../testing/model/play.ts';
import { type Story, story } from '../testing/model/story.ts';

// Whatever happens to the enforcer, at once and one after another, with any request going wrong at any time, and whatever
// people and SES do beside it: these hold.

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
vi.setConfig({ testTimeout: 60_000 + numRuns * 500 });

const stateOf = (done: Awaited<ReturnType<typeof playPeacefulDay>>): string => {
  const account = done.run?.accounts[0];
  return JSON.stringify([
    account?.open.map(({ caseId, userId, state, action, reason }) => [caseId, userId, state, action, reason]),
    account?.exempt.map(({ userName, expires }) => [userName, expires]),
    account?.skipped.map(({ reason, subject }) => [reason, subject]),
    account?.cannotWarn.map(({ reason }) => reason),
    account?.faults.map(({ reason }) => reason),
  ]);
};

const tell = async (told: Story): Promise<Play> => {
  const play = createPlay(told);
  for (const episode of told.episodes) for (const done of await playEpisode(play, episode)) checkOutcome(play, done);
  const first = await playPeacefulDay(play, { late: true });
  checkOutcome(play, first);
  const mails = play.bag.mails.length;
  const second = await playPeacefulDay(play);
  checkOutcome(play, second);
  const isQuiet = play.bag.mails.length === mails && stateOf(first) === stateOf(second);
  const endsSoon = second.run?.accounts[0]?.exempt.some(({ announce }) => announce) ?? false;
  if (isQuiet && !endsSoon && second.run !== undefined) expect(runSummaryMessage(second.run)).toBeUndefined();
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
  const seen = { doubles: 0, acts: 0, failures: 0, mails: 0 };
  for (const told of fc.sample(story, { numRuns: 100, seed: 7 })) {
    const play = await tell(told);
    seen.doubles += play.bag.doubles.length;
    seen.acts += play.seen.acts;
    seen.failures += play.seen.failures;
    seen.mails += play.bag.mails.length;
  }
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
});
