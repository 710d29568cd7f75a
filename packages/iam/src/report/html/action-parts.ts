import type { CredentialReport } from '../document.ts';
import { type ActionRow, isDone } from './action-rows.ts';
import { actionsHtml } from './action-table.ts';
import { all, subjectOf, type View, whoColumn, whyHtml } from './cells.ts';
import type { Part } from './shell.ts';
import { tableHtml } from './table.ts';

/** What was done first, then what was not and why, then who waits for an answer. */
export const actionParts = (
  view: View,
  { accounts, runId }: CredentialReport,
  rows: readonly ActionRow[],
): readonly Part[] => {
  const onHold = all(accounts, (account) => account.onHold);
  const isDry = accounts.every(({ preview }) => preview);
  const hold: Part = {
    id: 'hold',
    name: 'On hold',
    title: 'Who is on hold, and waits for an answer',
    words: 'Every session of these users is denied until a person answers with resolve().',
    content: tableHtml({
      id: 'hold',
      caption: 'Users on hold',
      rows: onHold,
      columns: [
        whoColumn(view, subjectOf),
        { title: 'Why', wide: true, cell: ({ one }) => whyHtml(view, one.because, one.reason) },
      ],
    }),
  };
  return [
    {
      id: 'done',
      name: isDry ? 'What would be done' : 'Done',
      title: isDry ? 'What would be done' : 'What was done',
      words: isDry
        ? 'Changes that a run would make now. Credentials would be deactivated, never deleted.'
        : `Changes that took effect in this run. What was deactivated or denied can be undone with restore('${runId}', …); a deleted password cannot.`,
      content: actionsHtml(
        view,
        {
          id: 'done',
          caption: 'Changes that took effect',
          none: isDry ? 'Nothing would be changed.' : 'Nothing was changed.',
        },
        rows.filter(isDone),
      ),
    },
    {
      id: 'undone-changes',
      name: 'Not done',
      title: isDry ? 'What would not be done, and why' : 'What was not done, and why',
      words:
        'Changes that failed, were refused or were not needed any more, and cases whose time is up and that are left to people.',
      content: actionsHtml(
        view,
        { id: 'not', caption: 'What was not done', none: 'Nothing that was due was left undone.' },
        rows.filter((row) => !isDone(row)),
      ),
    },
    ...(onHold.length > 0 ? [hold] : []),
  ];
};
