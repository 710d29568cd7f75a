import type { Instant } from '@remedykit/core';
import type { LastUse } from '../model/user.ts';

/** A cell that holds no documented value. */
export interface UnreadCell {
  readonly column: string;
  /** As it stands in the report, cut to 100 characters; untrusted. */
  readonly value: string;
}

/** The cells of one row by column. An absent column has no cell. */
export interface Cells {
  readonly text: (column: string) => string | undefined;
  /** Notes a cell that holds no documented value. */
  readonly unread: (column: string) => undefined;
  readonly faults: readonly UnreadCell[];
}

/** Reads the cells of one row, and keeps what could not be read. */
export const createCells = (row: readonly string[], columns: ReadonlyMap<string, number>): Cells => {
  const faults: UnreadCell[] = [];
  const text = (column: string): string | undefined => {
    const index = columns.get(column);
    return index === undefined ? undefined : row[index]?.trim();
  };
  return {
    text,
    faults,
    unread: (column) => {
      if (!faults.some((fault) => fault.column === column))
        faults.push({ column, value: (text(column) ?? '').slice(0, 100) });
      return undefined;
    },
  };
};

// Source: IAM user guide, "Get credential reports". `N/A`: not applicable; `no_information`: no data; `not_supported`: root.
const nothing = new Set(['', 'n/a', 'no_information', 'not_supported']);

const isNothing = (text: string | undefined): boolean => text === undefined || nothing.has(text.toLowerCase());

/** `true` or `false` in any case; else `undefined`, which is noted unless the cell may say `not_supported`. */
export const readFlag = (cells: Cells, column: string, mayBeUnsupported = false): boolean | undefined => {
  const text = cells.text(column)?.toLowerCase();
  if (text === 'true') return true;
  if (text === 'false') return false;
  return mayBeUnsupported && text === 'not_supported' ? undefined : cells.unread(column);
};

const instant = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** The instant that a text names, `…Z` or `…+00:00`; nothing for what is none, 30 February included. */
const parseInstant = (text: string): Instant | undefined => {
  const day = instant.exec(text)?.[1];
  if (day === undefined) return undefined;
  const midnight = new Date(`${day}T00:00:00Z`);
  const date = new Date(text);
  if (Number.isNaN(midnight.getTime()) || Number.isNaN(date.getTime())) return undefined;
  return midnight.toISOString().startsWith(day) ? date.toISOString() : undefined;
};

/** An instant; `undefined` where the cell says that there is none, or is no documented value, which is noted. */
export const readInstant = (cells: Cells, column: string): Instant | undefined => {
  const text = cells.text(column);
  if (text === undefined || isNothing(text)) return undefined;
  return parseInstant(text) ?? cells.unread(column);
};

/** An instant that every row must have. */
export const readRequiredInstant = (cells: Cells, column: string): Instant | undefined =>
  isNothing(cells.text(column)) ? cells.unread(column) : readInstant(cells, column);

/**
 * A last use. `N/A` of a credential and `no_information` mean that it was never used since AWS keeps track: `never` where
 * the credential is younger than the tracking, else nobody knows.
 */
export const readLastUse = (
  cells: Cells,
  column: string,
  { exists, since, trackedSince }: { exists: boolean; since: Instant | undefined; trackedSince: Instant },
  extra: { readonly region?: string; readonly service?: string } = {},
): LastUse => {
  const at = readInstant(cells, column);
  if (at !== undefined) {
    const region = readText(cells, extra.region);
    const service = readText(cells, extra.service);
    return {
      kind: 'used',
      at,
      ...(service === undefined ? {} : { service }),
      ...(region === undefined ? {} : { region }),
    };
  }
  const text = cells.text(column)?.toLowerCase();
  const never = text === 'n/a' || text === 'no_information';
  return exists && never && since !== undefined && since >= trackedSince ? { kind: 'never' } : { kind: 'unknown' };
};

/** Text of a column, where it has any. */
export const readText = (cells: Cells, column: string | undefined): string | undefined => {
  const text = column === undefined ? undefined : cells.text(column);
  return isNothing(text) ? undefined : text;
};
