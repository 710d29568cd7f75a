import { days, hours, minutes } from '@remedykit/core';
import type { TestClock } from '@remedykit/core/testing';
import { createBlocker } from '@remedykit/example-block-malicious-ips/blocker';
import { createHandler } from '@remedykit/example-block-malicious-ips/event-handler';
import type { Parts } from '@remedykit/example-block-malicious-ips/parts';
import type { Settings } from '@remedykit/example-block-malicious-ips/settings';
import { createHandler as createUpkeepHandler } from '@remedykit/example-block-malicious-ips/upkeep-handler';
import { upkeepMessage } from '@remedykit/guardduty';
import {
  blackholeTrafficEvent,
  type FindingEvent,
  portProbeEvent,
  rdpBruteForceEvent,
  routableDocumentationRanges,
  sshBruteForceEvent,
} from '@remedykit/guardduty/testing';
import { context, type Performance } from './performance.ts';
import { type Report, readNacl } from './report.ts';
import type { Show } from './show.ts';
import type { Scene, Stage } from './stage.ts';

/** When the story begins. */
export const storyStart: Date = new Date('2026-11-24T09:00:00.000Z');

/** Everything that the story needs. */
export interface Theatre {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly performance: Performance;
  readonly clock: TestClock;
  readonly show: Show;
}

/** The main job from the first attack to an unblock by hand, through the handlers of the example. */
export const runStory = async ({ stage, scene, performance, clock, show }: Theatre): Promise<Report> => {
  const { guardDuty } = performance;
  // The demo's attackers have addresses of the documentation ranges, which production rightly refuses as reserved.
  const parts: Parts = { ...performance.parts, addressRanges: routableDocumentationRanges };
  const settings: Settings = {
    mode: 'enforce',
    accounts: [scene.accountId],
    allowList: ['203.0.113.8/29'],
    blockFor: hours(24),
    tableName: 'remedykit',
    slackWebhookUrl: performance.slack.url,
  };
  const onFinding = createHandler(settings, parts);
  const onSchedule = createUpkeepHandler(settings, parts);
  const byHand = createBlocker(settings, parts);
  const lookOn = createBlocker(settings, { ...parts, ec2: stage.stageEc2, store: stage.stageStore });

  const heading = (text: string): void =>
    show.heading(`${clock.now().toISOString().slice(5, 16).replace('T', ' ')}  ${text}`);
  const look = async (when: string) => {
    const nacl = await readNacl(stage.stageEc2(scene), { subnetId: scene.subnetId });
    const ledger = await lookOn.list();
    show.nacl(`Network ACL ${nacl[0]?.networkAclId ?? ''} of ${scene.subnetId} ${when}`, nacl, ledger);
    show.ledger(`Ledger ${when}`, ledger);
    return nacl;
  };
  /** GuardDuty holds what it emits; a forged event it does not hold. */
  const emit = async (event: FindingEvent, { forged = false } = {}): Promise<void> => {
    if (!forged) guardDuty.hold(event);
    show.scored(await performance.perform(onFinding, event, event.detail.type));
  };
  const seen = (event: { readonly minutesAgo?: number } = {}) => ({
    ...scene,
    at: new Date(clock.now().getTime() - minutes(event.minutesAgo ?? 4)),
  });

  show.line(`remedykit ${stage.title}.`);
  show.line(
    `Account ${scene.accountId}, ${scene.region}. Mode enforce, denies hold 24 hours, never denied: ${settings.allowList.join(', ')}.`,
  );
  await look('before');

  heading('Somebody guesses SSH passwords');
  const brute = { from: '198.51.100.7', firstSeen: new Date(clock.now().getTime() - minutes(14)) };
  const sighting = sshBruteForceEvent({ ...seen(), ...brute, count: 12 });
  await emit(sighting);

  clock.advance(minutes(3));
  heading('Three hosts probe ports; one is a partner on the allow-list');
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

  clock.advance(minutes(2));
  heading('The SSH finding is delivered once more, as after a crash; better told twice than never');
  await emit(sighting);

  clock.advance(minutes(15));
  heading('The SSH attacker is seen again');
  await emit(sshBruteForceEvent({ ...seen(), ...brute, count: 31 }));

  clock.advance(minutes(2));
  heading('Somebody tries out GuardDuty with a sample finding');
  await emit(sshBruteForceEvent({ ...seen(), from: '198.51.100.50', sample: true }));

  clock.advance(minutes(1));
  heading('A forged event: GuardDuty does not hold such a finding');
  await emit(sshBruteForceEvent({ ...seen(), from: '192.0.2.66' }), { forged: true });

  clock.advance(minutes(4));
  heading('Our own instance connects to a black hole');
  await emit(blackholeTrafficEvent({ ...seen(), to: '203.0.113.66' }));

  clock.advance(minutes(40));
  heading('Upkeep: the denies of the port probe have expired, for its packets may be forged');
  show.messages(await performance.listen(() => onSchedule({}, context)));

  clock.advance(minutes(20));
  heading('Somebody guesses RDP passwords');
  const scanner = { from: '198.51.100.40', firstSeen: new Date(clock.now().getTime() - minutes(14)) };
  await emit(rdpBruteForceEvent({ ...seen(), ...scanner }));

  clock.advance(minutes(6));
  heading('It is a partner who tests our passwords: a person unblocks it');
  show.messages(
    await performance.listen(async () => {
      const unblocked = await byHand.unblock({
        address: '198.51.100.40',
        reason: 'partner scanner, CHG-4711',
        requestedBy: 'a.smith',
        suppressFor: days(30),
      });
      await parts.notifier.notify(upkeepMessage(unblocked));
    }),
  );

  clock.advance(minutes(15));
  heading('The next finding about the partner changes nothing');
  await emit(rdpBruteForceEvent({ ...seen(), ...scanner, count: 60 }));

  const nacl = await look('after');
  const report = performance.report(nacl);
  show.calls(report.calls, report.stageCalls);
  return report;
};
