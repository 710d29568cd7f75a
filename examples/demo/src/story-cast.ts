import { DeleteNetworkAclEntryCommand } from '@aws-sdk/client-ec2';
import { hours, minutes, RemediationError } from '@remedykit/core';
import type { TestClock } from '@remedykit/core/testing';
import { createBlocker } from '@remedykit/example-block-malicious-ips/blocker';
import { createHandler } from '@remedykit/example-block-malicious-ips/event-handler';
import type { Parts } from '@remedykit/example-block-malicious-ips/parts';
import type { Settings } from '@remedykit/example-block-malicious-ips/settings';
import { createHandler as createUpkeepHandler } from '@remedykit/example-block-malicious-ips/upkeep-handler';
import { type BlockerOptions, type UnblockQuery, upkeepMessage } from '@remedykit/guardduty';
import { type FindingEvent, routableDocumentationRanges } from '@remedykit/guardduty/testing';
import { context, type Performance } from './performance.ts';
import { type NaclRow, readNacl } from './report.ts';
import type { Show } from './show.ts';
import type { Scene, Stage } from './stage.ts';

/** Everything that the story needs. */
export interface Theatre {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly performance: Performance;
  readonly clock: TestClock;
  readonly show: Show;
}

/**
 * Lower than AWS's quota of 20 and the default of 30, so that the story reaches them with few attackers, and on an emulator
 * that has no quota at all.
 */
export const limits: Required<Pick<BlockerOptions, 'quota' | 'newDeniesPerHour'>> = { quota: 10, newDeniesPerHour: 4 };

/** Who acts in the story: GuardDuty, the handlers and people. */
export interface Cast {
  /** So many minutes later. */
  scene(minutesLater: number, title: string): void;
  line(text: string): void;
  /** What a finding of this moment says beside its evidence. */
  seen(): Scene & { readonly at: Date };
  minutesAgo(count: number): Date;
  /** GuardDuty holds what it emits; a forged event it does not hold. */
  emit(event: FindingEvent, options?: { readonly forged?: boolean }): Promise<void>;
  /** The same in a line for each address, for what was shown before; in full what Slack is told of what was not blocked. */
  emitBriefly(event: FindingEvent): Promise<void>;
  /** What runs on the schedule. */
  upkeep(): Promise<void>;
  /** A person does it with the library. */
  unblock(query: UnblockQuery): Promise<void>;
  /** Somebody takes the rule for an address out of the network ACL, and knows nothing of remedykit. */
  deleteRule(cidr: string): Promise<void>;
  /** Shows the network ACL as EC2 has it, and gives it. */
  lookAtAcl(when: string): Promise<readonly NaclRow[]>;
  /** Shows the ledger as well. */
  look(when: string): Promise<readonly NaclRow[]>;
}

/** The handlers of the example with the limits of the story, and the people around them. */
export const createCast = ({ stage, scene, performance, clock, show }: Theatre, settings: Settings): Cast => {
  const { guardDuty } = performance;
  // The demo's attackers have addresses of the documentation ranges, which production rightly refuses as reserved.
  const parts: Parts & typeof limits = {
    ...performance.parts,
    addressRanges: routableDocumentationRanges,
    ...limits,
  };
  const onFinding = createHandler(settings, parts);
  const onSchedule = createUpkeepHandler(settings, parts);
  const byHand = createBlocker(settings, parts);
  const lookOn = createBlocker(settings, { ...parts, ec2: stage.stageEc2, store: stage.stageStore });

  const perform = (event: FindingEvent) => performance.perform(onFinding, event, event.detail.type);
  const minutesAgo = (count: number): Date => new Date(clock.now().getTime() - minutes(count));
  const readAcl = () => readNacl(stage.stageEc2(scene), { subnetId: scene.subnetId });
  const showAcl = async (when: string) => {
    const nacl = await readAcl();
    const ledger = await lookOn.list();
    show.nacl(`Network ACL ${nacl[0]?.networkAclId ?? ''} of ${scene.subnetId} ${when}`, nacl, ledger);
    return { nacl, ledger };
  };

  return {
    scene(minutesLater, title) {
      clock.advance(minutes(minutesLater));
      show.heading(`${clock.now().toISOString().slice(5, 16).replace('T', ' ')}  ${title}`);
    },
    line: show.line,
    seen: () => ({ ...scene, at: minutesAgo(4) }),
    minutesAgo,
    async emit(event, { forged = false } = {}) {
      if (!forged) guardDuty.hold(event);
      show.scored(await perform(event));
    },
    async emitBriefly(event) {
      guardDuty.hold(event);
      const { verdicts, messages } = await perform(event);
      for (const { cidr, direction, outcome, reason } of verdicts.flatMap(({ entry }) =>
        'threats' in entry ? entry.threats : [],
      )) {
        const told = messages.length === 0 ? 'nothing new to tell' : 'told in Slack';
        show.line(`${cidr} ${direction}: ${outcome} (${reason}), ${told}`);
        if (outcome !== 'blocked' && messages.length > 0) show.messages(messages);
      }
    },
    async upkeep() {
      show.messages(await performance.listen(() => onSchedule({}, context)));
    },
    async unblock(query) {
      show.messages(
        await performance.listen(async () => parts.notifier.notify(upkeepMessage(await byHand.unblock(query)))),
      );
    },
    async deleteRule(cidr) {
      const row = (await readAcl()).find((one) => one.cidr === cidr);
      if (row === undefined) {
        throw new RemediationError({
          code: 'DEMO_STORY',
          message: `The network ACL has no rule for ${cidr} to delete.`,
        });
      }
      const { networkAclId: NetworkAclId, ruleNumber: RuleNumber, egress: Egress } = row;
      await stage.stageEc2(scene).send(new DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber, Egress }));
    },
    lookAtAcl: async (when) => (await showAcl(when)).nacl,
    async look(when) {
      const { nacl, ledger } = await showAcl(when);
      show.ledger(`Ledger ${when}`, ledger);
      return nacl;
    },
  };
};

/** How the example is deployed in the story. */
export const storySettings = ({ scene, performance }: Theatre): Settings => ({
  mode: 'enforce',
  accounts: [scene.accountId],
  allowList: ['203.0.113.8/29'],
  blockFor: hours(24),
  tableName: 'remedykit',
  slackWebhookUrl: performance.slack.url,
});
