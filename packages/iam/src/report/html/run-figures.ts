import type { Html } from '@remedykit/core/html';
import { type CredentialReport, isDue } from '../document.ts';
import type { ActionRow } from './action-rows.ts';
import { all } from './cells.ts';
import { figure } from './shell.ts';
import { isUp } from './standing.ts';
import { counted, grouped, isWithin } from './words.ts';

const userCount = (rows: readonly { readonly accountId: string; readonly userName: string }[]): string =>
  counted(new Set(rows.map(({ accountId, userName }) => `${accountId}/${userName}`)).size, 'user');

/** A run in numbers. */
export const figuresOf = ({ accounts, totals, at }: CredentialReport, rows: readonly ActionRow[]): Html[] => {
  const cases = all(accounts, (account) => account.cases);
  const users = new Set(cases.map(({ accountId, one }) => `${accountId}/${one.userId}`)).size;
  const up = cases.filter(({ one }) => isUp(one)).length;
  const soon = cases.filter(({ one }) => !isDue(one) && isWithin(one.deadline, at, 14)).length;
  const exempt = all(accounts, (account) => account.exempt);
  const ending = exempt.filter(({ one }) => isWithin(one.expires, at, 14)).length;
  const of = (...endings: readonly ActionRow['ending'][]): readonly ActionRow[] =>
    rows.filter((row) => endings.includes(row.ending));
  const [done, planned, undone] = [of('applied'), of('planned'), of('unknown', 'failed', 'refused')];
  return [
    figure(
      grouped(cases.length),
      `${cases.length === 1 ? 'credential breaks' : 'credentials break'} a rule${users > 0 ? `, of ${counted(users, 'user')}` : ''}`,
    ),
    ...(done.length > 0 || planned.length === 0
      ? [figure(grouped(done.length), `${done.length === 1 ? 'change' : 'changes'} made, of ${userCount(done)}`)]
      : []),
    ...(planned.length > 0
      ? [
          figure(
            grouped(planned.length),
            `${planned.length === 1 ? 'change' : 'changes'} would be made, of ${userCount(planned)}`,
          ),
        ]
      : []),
    figure(
      grouped(undone.length),
      `${undone.length === 1 ? 'change' : 'changes'} failed, refused or unknown`,
      undone.length > 0,
    ),
    figure(grouped(up), 'whose time is up and of which nothing was done', up > 0),
    ...(totals.onHold > 0
      ? [
          figure(
            grouped(totals.onHold),
            `${totals.onHold === 1 ? 'user waits' : 'users wait'} on hold for an answer`,
            true,
          ),
        ]
      : []),
    figure(grouped(soon), 'with a deadline within 14 days'),
    figure(
      grouped(exempt.length),
      `${exempt.length === 1 ? 'user is' : 'users are'} exempt${ending > 0 ? `; ${grouped(ending)} of them for no more than 14 days` : ''}`,
    ),
    figure(grouped(totals.skipped), 'left out, with the reason'),
  ];
};
