import { rdpBruteForceEvent } from '@remedykit/guardduty/testing';
import { type Cast, limits } from './story-cast.ts';

/** Loud and seen once. */
const decoys = Array.from({ length: 9 }, (_, at) => `192.0.2.${101 + at}`);

/** Decoys crowd the network ACL, and whoever means it gets their places. */
export const playFlood = async (cast: Cast): Promise<void> => {
  const { scene, seen } = cast;

  scene(47, 'A decoy flood: nine loud findings at once, and one attacker who means it');
  cast.line(
    `Only ${limits.newDeniesPerHour} new denies an hour: whoever is beyond them is told together, once in 15 minutes.`,
  );
  for (const from of decoys) await cast.emitBriefly(rdpBruteForceEvent({ ...seen(), from, severity: 8, count: 1 }));
  const persistent = { from: '198.51.100.80', firstSeen: cast.minutesAgo(34) };
  await cast.emitBriefly(rdpBruteForceEvent({ ...seen(), ...persistent, severity: 2, count: 40 }));

  scene(16, 'Upkeep tells of all others whom the flood leaves without a deny, in one message');
  await cast.upkeep();

  scene(54, 'The flood is over: whoever means it is seen again, and takes the last place');
  await cast.emitBriefly(rdpBruteForceEvent({ ...seen(), ...persistent, severity: 2, count: 90 }));
  cast.line(
    `The quota of ${limits.quota} counts the allow, the default deny and two places that are kept free for people.`,
  );
  await cast.lookAtAcl('when it is full');

  scene(11, 'One more comes back again and again: a decoy that was loud once gives way to it');
  const newcomer = { from: '198.51.100.90', firstSeen: cast.minutesAgo(50) };
  await cast.emit(rdpBruteForceEvent({ ...seen(), ...newcomer, severity: 2, count: 25 }));
  await cast.lookAtAcl('after the swap');
};
