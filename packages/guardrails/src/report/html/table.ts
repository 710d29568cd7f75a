import { type Html, html, nothing } from '@remedykit/core/html';
import { grouped } from '../words.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Html;
  /** By what to sort, if not by the text that is shown. */
  readonly sort?: (row: Row) => number;
  /** Numbers stand right. */
  readonly number?: boolean;
}

/** What a table shows. */
export interface TableContent<Row> {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** How many more rows there are than these. */
  readonly more: number;
  /** False where the counts of rows are lower bounds. */
  readonly exact: boolean;
}

const headOf = <Row>({ title, number, sort }: Column<Row>): Html =>
  html`<th scope="col"${{ html: `${number ? ' class="n"' : ''}${sort ? ' data-first="descending"' : ''}` }}>${title}</th>`;

const cellOf = <Row>({ title, cell, sort, number }: Column<Row>, row: Row, first: boolean): Html => {
  if (first) return html`<th scope="row">${cell(row)}</th>`;
  const key = sort ? html` data-sort="${sort(row)}"` : nothing;
  return html`<td data-label="${title}"${number ? html` class="n"` : nothing}${key}>${cell(row)}</td>`;
};

const tools = <Row>({ id, caption }: TableContent<Row>): Html => html`<div class="tools" id="${id}-tools" hidden>
<label class="wide">Filter <input type="search" aria-label="Filter: ${caption}" autocomplete="off"></label>
<output class="muted small" aria-live="polite"></output>
<button type="button" class="plain">Show all</button>
</div>`;

/** A table that can be filtered and sorted; on a narrow screen each row is a block with its labels. */
export const tableHtml = <Row>(content: TableContent<Row>): Html => {
  const { id, caption, columns, rows, more, exact } = content;
  if (rows.length === 0) return html`<p class="muted">None.</p>`;
  return html`${rows.length > 5 ? tools(content) : nothing}
<table class="stack"${rows.length > 5 ? html` data-tools="${id}-tools"` : nothing}><caption class="gone">${caption}</caption>
<thead><tr>${columns.map(headOf)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map((column, index) => cellOf(column, row, index === 0))}</tr>\n`)}</tbody></table>
${more > 0 ? html`<p class="more">… and ${grouped(more)} more; <code>--json</code> lists up to a thousand.</p>` : nothing}
${exact ? nothing : html`<p class="more">There are too many to count each: counts of rows are lower bounds.</p>`}`;
};
