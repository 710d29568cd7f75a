import { hours } from '@remedykit/core';
import type { TestClock } from '@remedykit/core/testing';
import { createBlocker } from '@remedykit/example-block-malicious-ips/blocker';
import { createHandler } from '@remedykit/example-block-malicious-ips/event-handler';
import { createHandler as createQueueHandler } from '@remedykit/example-block-malicious-ips/queue-handler';
import type { Settings } from '@remedykit/example-block-malicious-ips/settings';
import { type SourceDocument, timeOf } from './documents.ts';
import type { Performance } from './performance.ts';
import { type NaclRow, type Report, readNacl } from './report.ts';
import type { Show } from './show.ts';
import type { DocumentStage } from './stage-documents.ts';

/** What a replay needs. */
export interface Replay extends DocumentStage {
  readonly documents: readonly SourceDocument[];
  readonly performance: Performance;
  readonly clock: TestClock;
  readonly show: Show;
}

/** Hands each document to the handler that AWS would hand it to, at its own time, while GuardDuty holds it as it is. */
export const replayDocuments = async (replay: Replay): Promise<Report> => {
  const { documents, stage, targets, arrange, performance, clock, show } = replay;
  const { parts, guardDuty, slack } = performance;
  const settings: Settings = {
    mode: 'enforce',
    accounts: [...new Set(targets.map(({ accountId }) => accountId))],
    allowList: [],
    blockFor: hours(24),
    tableName: 'remedykit',
    slackWebhookUrl: slack.url,
  };
  const handlers = { event: createHandler(settings, parts), queue: createQueueHandler(settings, parts) };
  show.line(`remedykit ${stage.title}.`);
  for (const one of documents) {
    const { source, findings, handler, event, error } = one;
    const time = timeOf(one);
    if (time !== undefined) clock.set(new Date(time));
    arrange(one);
    for (const { held } of findings) guardDuty.hold(held);
    show.heading(time === undefined ? source : `${time.slice(0, 16).replace('T', ' ')}  ${source}`);
    show.scored(
      error === undefined
        ? await performance.perform(handlers[handler], event, source)
        : performance.fail(source, error),
    );
  }

  const nacl: NaclRow[] = [];
  for (const target of targets) nacl.push(...(await readNacl(stage.stageEc2(target), 'all')));
  const lookOn = createBlocker(settings, { ...parts, ec2: stage.stageEc2, store: stage.stageStore });
  const ledger = await lookOn.list();
  show.ledger('Ledger after', ledger);
  const report = performance.report(nacl);
  show.calls(report.calls, report.stageCalls);
  return report;
};
