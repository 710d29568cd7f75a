import { blackholeTrafficEvent } from '@remedykit/guardduty/testing';
import type { Guesser } from './story-attacks.ts';
import type { Cast } from './story-cast.ts';

/** Somebody takes out by hand what remedykit put in: it is put back once, and not fought for. */
export const playQuarrel = async (cast: Cast, guesser: Guesser): Promise<void> => {
  const { scene, seen, emit } = cast;

  scene(25, 'Somebody deletes the rule against the SSH attacker by hand; upkeep puts it back, once');
  await cast.deleteRule('198.51.100.7/32');
  await cast.upkeep();

  scene(20, 'It is deleted again: somebody means it, so the network ACL is contested for a day');
  await cast.deleteRule('198.51.100.7/32');
  await cast.upkeep();

  scene(5, 'The SSH attacker is seen again: nothing is written into a contested network ACL');
  await emit(guesser(90));

  scene(25 * 60, 'The next day, upkeep: what has expired is released, and the quarrel is over');
  await cast.upkeep();

  scene(10, 'The SSH attacker and the black hole are seen again, and denied again');
  await cast.emitBriefly(guesser(140));
  await cast.emitBriefly(blackholeTrafficEvent({ ...seen(), to: '203.0.113.66' }));
};
