import type { Report } from './report.ts';
import { playActing } from './story-acting.ts';
import { playAttacks } from './story-attacks.ts';
import { playAuditor } from './story-auditor.ts';
import { createCast, limits, storySettings, type Theatre } from './story-cast.ts';
import { playChat } from './story-chat.ts';
import { playFlood } from './story-flood.ts';
import { playHygiene } from './story-hygiene.ts';
import { playQuarrel } from './story-quarrel.ts';

export type { Theatre } from './story-cast.ts';

/** When the story begins. */
export const storyStart: Date = new Date('2026-11-24T09:00:00.000Z');

/** The main job from the first attack to the auditor, through the handlers of the example. */
export const runStory = async (theatre: Theatre): Promise<Report> => {
  const { stage, scene, performance, show } = theatre;
  const settings = storySettings(theatre);
  const cast = createCast(theatre, settings);

  show.line(`remedykit ${stage.title}.`);
  show.line(
    `Account ${scene.accountId}, ${scene.region}. Mode enforce, denies hold 24 hours, never denied: ${settings.allowList.join(', ')}.`,
  );
  show.line(
    `So that a few attackers are a crowd, the network ACL has a quota of ${limits.quota} entries instead of 20, and ${limits.newDeniesPerHour} new denies an hour instead of 30.`,
  );
  await cast.look('before');
  const guesser = await playAttacks(cast);
  await playFlood(cast);
  await playQuarrel(cast, guesser);
  const chat = await playChat(theatre, cast);
  cast.scene(15, 'An auditor makes every decision again from its record alone');
  playAuditor(performance, show);

  const nacl = await cast.look('after');
  const hygiene = await playHygiene(theatre);
  const acting = await playActing(show);
  const told = performance.report(nacl);
  const report = {
    ...told,
    notifications: [...told.notifications, ...chat, ...hygiene.notifications, ...acting.office.notifications],
  };
  show.calls(report.calls, report.stageCalls);
  return report;
};
