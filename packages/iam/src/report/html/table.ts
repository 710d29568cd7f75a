import { type Html, html, nothing } from '@remedykit/core/html';
import { grouped } from './words.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Html;
  /** By what to sort, if not by the text that is shown. */
  readonly sort?: (row: Row) => number;
  /** Numbers stand right, and the largest comes first. */
  readonly number?: boolean;
  /** Sentences need room. */
  readonly wide?: boolean;
  /** True where the cell of a row says nothing; on a narrow screen it is left out. */
  readonly empty?: (row: Row) => boolean;
}

/** A choice by which rows are narrowed. */
export interface Choice<Row> {
  /** One word of lower-case letters. */
  readonly key: string;
  readonly title: string;
  readonly value: (row: Row) => string;
  /** What can be chosen; what no row has is left out. */
  readonly words: readonly (readonly [value: string, words: string])[];
}

/** What a table shows. */
export interface TableContent<Row> {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly choices?: readonly Choice<Row>[];
  /** What is said where there are no rows. */
  readonly none?: string;
}

/** Rows of one table, which holds everybody of an account; what is behind them is counted. */
export const maxRows = 5_000;

/** A table that is seen whole needs no tools. */
const fewRows = 5;

const headOf = <Row>({ title, number }: Column<Row>): Html =>
  html`<th scope="col"${{ html: number ? ' class="n" data-first="descending"' : '' }}>${title}</th>`;

const cellOf = <Row>({ title, cell, sort, number, wide, empty }: Column<Row>, row: Row, first: boolean): Html => {
  if (first) return html`<th scope="row">${cell(row)}</th>`;
  const kinds = [number ? 'n' : '', wide ? 'why' : '', empty?.(row) ? 'empty' : ''].filter(Boolean).join(' ');
  const kind = kinds === '' ? nothing : html` class="${kinds}"`;
  const key = sort ? html` data-sort="${sort(row)}"` : nothing;
  return html`<td data-label="${title}"${kind}${key}>${cell(row)}</td>`;
};

const choiceHtml = <Row>({ key, title, value, words }: Choice<Row>, rows: readonly Row[]): Html => {
  const present = new Set(rows.map(value));
  const options = words.filter(([one]) => present.has(one));
  if (options.length < 2) return nothing;
  return html`<label>${title} <select data-key="${key}"><option value="">all</option>${options.map(([one, text]) => html`<option value="${one}">${text}</option>`)}</select></label>`;
};

const toolsHtml = <Row>({ id, caption, columns, choices = [] }: TableContent<Row>, rows: readonly Row[]): Html =>
  html`<div class="tools" id="${id}-tools" hidden>
<label class="wide">Filter <input type="search" aria-label="Filter: ${caption}" autocomplete="off"></label>
${choices.map((choice) => choiceHtml(choice, rows))}
<label class="narrow">Sort by <select class="sorts"><option value="">as listed</option>${columns.map(({ title }, index) => html`<option value="${index}">${title}</option>`)}</select></label>
<output class="muted small" aria-live="polite"></output>
<button type="button" class="plain">Show all</button>
</div>`;

/** A table that can be filtered and sorted; on a narrow screen each row is a block with its labels. */
export const tableHtml = <Row>(content: TableContent<Row>): Html => {
  const { id, caption, columns, choices = [], none = 'None.' } = content;
  const rows = content.rows.slice(0, maxRows);
  const more = content.rows.length - rows.length;
  if (rows.length === 0) return html`<p class="muted">${none}</p>`;
  const hasTools = rows.length > fewRows;
  const data = (row: Row): Html =>
    html`${hasTools ? choices.map(({ key, value }) => ({ html: ` data-${key}="${html`${value(row)}`.html}"` })) : nothing}`;
  return html`${hasTools ? toolsHtml(content, rows) : nothing}
<table class="stack"${hasTools ? html` data-tools="${id}-tools"` : nothing}><caption class="gone">${caption}</caption>
<thead><tr>${columns.map(headOf)}</tr></thead>
<tbody>
${rows.map(
  (row) =>
    html`<tr${data(row)}>${columns.map((column, index) => cellOf(column, row, index === 0))}</tr>
`,
)}</tbody></table>
${more > 0 ? html`<p class="more">… and ${grouped(more)} more; the CSV lists everybody.</p>` : nothing}`;
};
