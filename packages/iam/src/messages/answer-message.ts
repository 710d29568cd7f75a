import type { Instant, Message, Text } from '@remedykit/core';
import { momentText } from './dates.ts';
import type { RunSummary } from './run-summary.ts';
import { runSummaryMessage } from './run-summary-message.ts';
import { ours, say } from './say.ts';

/** An answer as it was kept, and the run of its user alone that followed. */
export interface AnswerSummary extends RunSummary {
  readonly answer: {
    readonly accountId: string;
    readonly userName: string;
    readonly decision: 'confirm' | 'act' | 'exempt';
    readonly reason: string;
    readonly requestedBy: string;
    readonly until: Instant;
  };
}

const meanings: Readonly<Record<AnswerSummary['answer']['decision'], string>> = {
  confirm: 'It is the user: a device may be enrolled, or the hold ends where there is one.',
  act: 'What was left to people is to be done.',
  exempt: 'The user is left alone.',
};

const answerText = ({ accountId, userName, decision, reason, requestedBy, until }: AnswerSummary['answer']): Text =>
  say`${requestedBy} answered '${ours(decision)}' about ${userName} in account ${accountId}, until ${ours(momentText(until))}: ${reason}`;

/**
 * What people are told about an answer, in one message: who answered what about whom, until when and why, and what came of it
 * at once, as `runSummaryMessage` tells it. An answer is always told, for it steers every later run. Pure.
 * @example
 * ```ts
 * await slack.notify(answerMessage(await enforcer.resolve(request)));
 * ```
 */
export const answerMessage = (summary: AnswerSummary): Message => {
  const { answer, runId, at, accounts } = summary;
  const followed = runSummaryMessage(summary);
  const outcome =
    followed === undefined
      ? [ours('Nothing new came of it at once; every later run goes by it as long as it holds.')]
      : followed.body;
  return {
    ...followed,
    // Each answer is a matter of its own: none takes the place of what an earlier one said.
    key: `iam/answer/${runId}/${at}`.slice(0, 255),
    severity: followed?.severity ?? 'low',
    preview: accounts.length > 0 && accounts.every(({ preview }) => preview),
    title:
      followed === undefined
        ? say`IAM answer '${ours(answer.decision)}' about ${answer.userName}`
        : say`IAM answer '${ours(answer.decision)}' about ${answer.userName}. ${followed.title}`,
    body: [answerText(answer), ours(meanings[answer.decision]), ...outcome],
    facts: [
      { label: 'Account', value: say`${answer.accountId}` },
      { label: 'Answered by', value: say`${answer.requestedBy}` },
      { label: 'Holds until', value: momentText(answer.until) },
      { label: 'Run', value: say`${runId}` },
    ],
    links: [],
    subject: { accountId: answer.accountId, type: 'credential-answer' },
    at,
  };
};
