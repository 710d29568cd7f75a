import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { type Episode, story } from './actions.ts';
import {
  createPlay,
  cure,
  entriesIn,
  oursIn,
  type Play,
  playEpisode,
  quiesce,
  room,
  slotsIn,
  tryAnother,
} from './play.ts';

// Whatever happens to the blocker, at once and one after another, with any request going wrong at any time, and whatever
// people do to the network ACL beside it: these hold.

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 1_000);
vi.setConfig({ testTimeout: 60_000 + numRuns * 500 });

/** The document must stay within this, bytes. */
const maxBytes = 65_536;

/** At any moment, also with workers half-way. */
const expectNoHarm = async (play: Play): Promise<void> => {
  const entries = entriesIn(play);
  for (const [ruleNumber, cidr] of play.foreign) {
    expect(entries, 'a rule of somebody else is as it was').toContainEqual(
      expect.objectContaining({ ruleNumber, cidr }),
    );
  }
  const slots = await slotsIn(play);
  const matches = slots.map(({ cidr, ports }) => `${cidr} ${ports?.from}`);
  expect(new Set(matches).size, 'one slot per address').toBe(matches.length);
  const numbers = slots.map(({ ruleNumber }) => ruleNumber);
  expect(new Set(numbers).size, 'one address per slot').toBe(numbers.length);
  const { documents } = await play.store.list('nacl/');
  for (const { value } of documents) expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThanOrEqual(maxBytes);
};

/** When everything has settled and upkeep has run. */
const expectAgreement = async (play: Play): Promise<void> => {
  await expectNoHarm(play);
  // While a swap is half-way, who is evicted may have found another place before the old one is gone.
  const known = oursIn(play).filter(({ ruleNumber }) => !play.orphans.has(ruleNumber));
  const denied = known.map(({ cidr, ports }) => `${cidr} ${ports?.from}`);
  expect(new Set(denied).size, 'one entry per address').toBe(denied.length);
  const slots = await slotsIn(play);
  const named = ({ ruleNumber, cidr }: { ruleNumber: number; cidr: string }) => `${ruleNumber} ${cidr}`;
  const now = play.time.now().getTime();
  if (!play.poisoned && play.pausedUntil <= now) {
    expect(slots.filter(({ status }) => status !== 'active')).toEqual([]);
    expect(slots.map(named).toSorted(), 'ledger and network ACL agree').toEqual(known.map(named).toSorted());
  }
  const inForce = new Set(entriesIn(play).map(({ cidr }) => cidr));
  const lost = [...play.wanted].filter(
    ([cidr, until]) => until > now && !inForce.has(cidr) && !play.told.has(cidr) && !play.poisoned,
  );
  expect(lost, 'every attacker is denied, or people know that he is not').toEqual([]);
};

const tell = async (episodes: readonly Episode[]): Promise<Play> => {
  const play = createPlay();
  for (const episode of episodes) {
    const done = await playEpisode(play, episode);
    await expectNoHarm(play);
    // With nobody else taking anything out, what a worker says is in force is in force.
    if (!episode.works.some(({ kind }) => kind === 'unblock' || kind === 'sweep')) {
      const inForce = oursIn(play).map(({ cidr }) => cidr);
      for (const { claims } of done) {
        for (const cidr of claims) expect([...inForce, ...play.told], 'what is said to be denied is').toContain(cidr);
      }
    }
    await quiesce(play, done);
    await expectAgreement(play);
  }
  await cure(play);
  const another = await tryAnother(play, 99);
  expect(['blocked', 'not-blocked', 'refused'], 'the next attacker is denied or told of').toContain(
    another.threats[0]?.outcome,
  );
  await expectAgreement(play);
  return play;
};

it('G2, G4, G5, G9: whatever happens, no attacker is lost silently, nothing foreign is touched, and nothing gets stuck', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (episodes) => void (await tell(episodes))),
    { numRuns },
  );
});

it('the stories reach what they are about', async () => {
  const seen = { full: 0, evicted: 0, orphans: 0, contested: 0, told: 0 };
  for (const episodes of fc.sample(story, { numRuns: 100, seed: 7 })) {
    const play = await tell(episodes);
    if (oursIn(play).length >= room) seen.full += 1;
    if (play.evictions > 0) seen.evicted += 1;
    if (play.orphans.size > 0) seen.orphans += 1;
    if (play.told.size > 0) seen.told += 1;
    const { documents } = await play.store.list('nacl/');
    if (documents.some(({ value }) => JSON.stringify(value).includes('"contested"'))) seen.contested += 1;
  }
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
});
