import type { Instant } from '@remedykit/core';
import { type Html, html, nothing } from '@remedykit/core/html';
import { nounOf } from '../../messages/credential-text.ts';
import { capitalised } from '../../messages/say.ts';
import type { RuleName } from '../../model/case.ts';
import type { IdMask } from './mask-ids.ts';
import type { Column } from './table.ts';
import { ageWords, awayWords, dayOf, isWithin, ruleWords } from './words.ts';

/** What all tables of a page share. */
export interface View {
  /** As of when days are counted. */
  readonly at: Instant;
  readonly mask: IdMask;
  /** True where a row has to say which account it is of. */
  readonly isSeveral: boolean;
}

/** Something of one account. */
export interface Of<T> {
  readonly accountId: string;
  readonly one: T;
}

/** All things of some kind, each with its account. */
export const all = <Account extends { readonly accountId: string }, T>(
  accounts: readonly Account[],
  pick: (account: Account) => readonly T[],
): Of<T>[] => accounts.flatMap((account) => pick(account).map((one) => ({ accountId: account.accountId, one })));

/** A name that people chose, which may be broken where its parts end. */
export const nameHtml = (name: string): Html => {
  const parts = name.split(/(?=@)|(?<=[-_./])/);
  return html`<span class="mono">${parts.map((part, index) => html`${index === 0 ? nothing : html`<wbr>`}${part}`)}</span>`;
};

/** A name, and the account below it where there are several. */
export const whoHtml = ({ isSeveral }: View, name: string, accountId: string): Html =>
  html`${nameHtml(name)}${isSeveral ? html`<span class="sub">${accountId}</span>` : nothing}`;

/** Who a row is about. */
export const whoColumn = <T>(view: View, nameOf: (one: T) => string): Column<Of<T>> => ({
  title: 'User',
  cell: ({ accountId, one }) => whoHtml(view, nameOf(one), accountId),
});

interface Credential {
  readonly rule: RuleName;
  readonly credentialId: string;
  readonly since: Instant;
}

/** Which credential, and what is the matter with it. */
export const credentialHtml = ({ mask }: View, { rule, credentialId }: Omit<Credential, 'since'>): Html =>
  html`${capitalised(nounOf(rule))}${rule === 'mfa' ? nothing : html` <span class="mono">${mask.id(credentialId)}</span>`}<span class="sub">${ruleWords[rule]}</span>`;

/** Which credential, and what is the matter with it, of each row. */
export const credentialColumn = <T extends Credential>(view: View): Column<Of<T>> => ({
  title: 'Credential',
  cell: ({ one }) => credentialHtml(view, one),
});

/** From when its days are counted. */
export const sinceColumn = <T extends Credential>({ at }: View): Column<Of<T>> => ({
  title: 'Since',
  sort: ({ one }) => Date.parse(one.since),
  cell: ({ one: { since } }) =>
    html`<span class="day">${dayOf(since)}</span> <span class="sub run">${ageWords(since, at)}</span>`,
});

/** A day that ends something: passed is late, near is soon. */
export const untilHtml = (
  { at }: View,
  until: Instant,
  { past = 'late', soonDays = 7 }: { readonly past?: string; readonly soonDays?: number } = {},
): Html => {
  const away = awayWords(until, at);
  const kind = Date.parse(until) <= Date.parse(at) ? ` ${past}` : isWithin(until, at, soonDays) ? ' soon' : '';
  return html`<span class="day">${dayOf(until)}</span> <span class="sub run${kind}">${away}</span>`;
};

/** A sentence for people, and the code that the documentation has. */
export const whyHtml = ({ mask }: View, because: string, reason: string): Html =>
  html`${mask.text(because)} <code class="muted">${mask.text(reason)}</code>`;

/** What a row is about, where it need not be a user. */
export const subjectOf = ({ subject }: { readonly subject?: string }): string => subject ?? 'the account';
