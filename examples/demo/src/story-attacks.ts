import { days } from '@remedykit/core';
import {
  blackholeTrafficEvent,
  type FindingEvent,
  portProbeEvent,
  rdpBruteForceEvent,
  sshBruteForceEvent,
} from '@remedykit/guardduty/testing';
import type { Cast } from './story-cast.ts';

/** Who guesses SSH passwords all through the story, with the first sighting that the finding keeps. */
export type Guesser = (count: number) => FindingEvent;

/** The main job: attacks, what looks like one, upkeep, and a person who unblocks. Gives the one who comes back later. */
export const playAttacks = async (cast: Cast): Promise<Guesser> => {
  const { scene, seen, emit } = cast;

  scene(0, 'Somebody guesses SSH passwords');
  const brute = { from: '198.51.100.7', firstSeen: cast.minutesAgo(14) };
  const guesser: Guesser = (count) => sshBruteForceEvent({ ...seen(), ...brute, count });
  const sighting = guesser(12);
  await emit(sighting);

  scene(3, 'Three hosts probe ports; one is a partner on the allow-list');
  await emit(
    portProbeEvent({
      ...seen(),
      addresses: [
        { address: '198.51.100.21', port: 22 },
        { address: '198.51.100.22', port: 22 },
        { address: '198.51.100.22', port: 80 },
        { address: '203.0.113.9', port: 22 },
      ],
    }),
  );

  scene(2, 'The SSH finding is delivered once more, as after a crash; better told twice than never');
  await emit(sighting);

  scene(15, 'The SSH attacker is seen again');
  await emit(guesser(31));

  scene(2, 'Somebody tries out GuardDuty with a sample finding');
  await emit(sshBruteForceEvent({ ...seen(), from: '198.51.100.50', sample: true }));

  scene(1, 'A forged event: GuardDuty does not hold such a finding');
  await emit(sshBruteForceEvent({ ...seen(), from: '192.0.2.66' }), { forged: true });

  scene(4, 'Our own instance connects to a black hole');
  await emit(blackholeTrafficEvent({ ...seen(), to: '203.0.113.66' }));

  scene(40, 'Upkeep: the denies of the port probe have expired, for its packets may be forged');
  await cast.upkeep();

  scene(20, 'Somebody guesses RDP passwords');
  const scanner = { from: '198.51.100.40', firstSeen: cast.minutesAgo(14) };
  await emit(rdpBruteForceEvent({ ...seen(), ...scanner }));

  scene(6, 'It is a partner who tests our passwords: a person unblocks it');
  await cast.unblock({
    address: '198.51.100.40',
    reason: 'partner scanner, CHG-4711',
    requestedBy: 'a.smith',
    suppressFor: days(30),
  });

  scene(15, 'The next finding about the partner changes nothing');
  await emit(rdpBruteForceEvent({ ...seen(), ...scanner, count: 60 }));
  return guesser;
};
