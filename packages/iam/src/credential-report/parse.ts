import { RemediationError } from '@remedykit/core';
import { type CsvError, parse } from 'csv-parse/sync';
import type { ReportedUser } from '../model/user.ts';
import { createCells, type UnreadCell } from './cells.ts';
import { optionalColumns, readRow, requiredColumns } from './read-row.ts';
import { rejoinRow } from './rejoin.ts';

/**
 * A row that could not be read in full: nothing is said about this user, neither good nor bad. `userName` and `arn` are as
 * they stand in the row, or empty.
 */
export interface ReportFault {
  readonly userName: string;
  readonly arn: string;
  /** The cells that hold no documented value; column `row`: the row has too few or too many cells, or comes twice. */
  readonly cells: readonly UnreadCell[];
}

/** A credential report, read. Every row of the report is in `rows` or in `faults`. Plain JSON. */
export interface ParsedReport {
  /** In the order of the report, root among them. */
  readonly rows: readonly ReportedUser[];
  readonly faults: readonly ReportFault[];
  /** Columns that are not known here. */
  readonly unknownColumns: readonly string[];
}

// An account has at most 5,000 users; what is far beyond is no report, and costs no time.
const mostRows = 20_000;
const mostBytes = 64 * 1024 * 1024;

const invalid = (what: string, cause?: unknown): RemediationError =>
  new RemediationError({
    code: 'CREDENTIAL_REPORT_INVALID',
    message: `The credential report cannot be read: ${what}. Pass the text of GetCredentialReport as it came.`,
    cause,
  });

/**
 * Reads the CSV of an IAM credential report by the names of its columns: their order does not matter, and columns that are
 * not known are told. Line ends, a byte order mark, `Z` or `+00:00`, `true` or `TRUE` do not matter either. A cell that
 * holds no documented value makes a fault of its row and of no other.
 *
 * Source: IAM user guide, "Get credential reports for your AWS account".
 * @throws RemediationError `CREDENTIAL_REPORT_INVALID` for what is no CSV or no UTF-8, has no header, lacks a column that
 * is needed or has one twice, or is far larger than any report
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCredentialReport } from '@remedykit/iam';
 * const { rows } = parseCredentialReport(readFileSync('report.csv'));
 * console.table(rows.filter(({ isRoot, mfaActive }) => !isRoot && !mfaActive));
 * ```
 */
export const parseCredentialReport = (csv: string | Uint8Array): ParsedReport => {
  if (csv.length > mostBytes) throw invalid(`it is longer than ${mostBytes} bytes`);
  const [header = [], ...records] = readCsv(typeof csv === 'string' ? csv.replace(/^\uFEFF/, '') : decode(csv));
  const columns = readHeader(header);

  const rows: ReportedUser[] = [];
  const faults: ReportFault[] = [];
  const read = records.map((record) => {
    const row = wholeRow(record, header);
    return { record, whole: row !== undefined, ...readRow(createCells(row ?? record, columns)) };
  });
  const names = countNames(read.map(({ user }) => user.userName));
  for (const { record, whole, user, unread } of read) {
    const once = whole && names.get(user.userName.toLowerCase()) === 1;
    if (once && unread.length === 0) rows.push(user);
    else
      faults.push({
        userName: user.userName,
        arn: user.arn,
        cells: once ? unread : [{ column: 'row', value: record.join(',').slice(0, 100) }],
      });
  }
  const known = new Set([...requiredColumns, ...optionalColumns]);
  return { rows, faults, unknownColumns: [...columns.keys()].filter((column) => !known.has(column)) };
};

const wholeRow = (record: readonly string[], header: readonly string[]): readonly string[] | undefined => {
  if (record.length === header.length) return record;
  return header[0] === 'user' && header[1] === 'arn' ? rejoinRow(record, header.length) : undefined;
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalid('it is not UTF-8', error);
  }
};

const readCsv = (text: string): string[][] => {
  let records: string[][];
  try {
    // Lists of cells cost half of objects by column, and no column name can do harm. Each row of another width costs the
    // parser an error with a stack: `to` bounds them.
    records = parse(text, {
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
      to: mostRows + 1,
    });
  } catch (error) {
    throw invalid(`it is no CSV (${(error as CsvError).message})`, error);
  }
  if (records.length > mostRows) throw invalid(`it has more than ${mostRows} rows`);
  return records;
};

const readHeader = (header: readonly string[]): ReadonlyMap<string, number> => {
  const columns = new Map(header.map((name, index) => [name.trim(), index]));
  const missing = requiredColumns.filter((column) => !columns.has(column));
  if (missing.length > 0) throw invalid(`it lacks the columns ${missing.join(', ')}`);
  const twice = [...requiredColumns, ...optionalColumns].filter(
    (column) => header.filter((name) => name.trim() === column).length > 1,
  );
  if (twice.length > 0) throw invalid(`it has twice the columns ${twice.join(', ')}`);
  return columns;
};

/** How often each name comes: names are unique in an account whatever their case, so one that comes twice is in doubt. */
const countNames = (names: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return counts;
};
