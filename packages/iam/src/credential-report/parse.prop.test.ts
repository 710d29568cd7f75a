import { isRemediationError } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LastUse, ReportedUser } from '../model/user.ts';
import { parseCredentialReport } from './parse.ts';
import { optionalColumns, requiredColumns } from './read-row.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const instant = fc
  .integer({ min: Date.parse('2019-01-01T00:00:00Z') / 1000, max: Date.parse('2026-11-24T00:00:00Z') / 1000 })
  .map((second) => new Date(second * 1000).toISOString());

const name = fc.stringMatching(/^[\w+=,.@"é例-]{1,40}$/);

const lastUse = (withPlace: boolean): fc.Arbitrary<LastUse> =>
  fc.oneof(
    fc.constant<LastUse>({ kind: 'never' }),
    withPlace
      ? fc.record({
          kind: fc.constant('used' as const),
          at: instant,
          service: fc.constantFrom('s3', 'iam'),
          region: fc.constantFrom('eu-west-1', 'us-east-1'),
        })
      : fc.record({ kind: fc.constant('used' as const), at: instant }),
  );

const slotted = <T extends object>(content: fc.Arbitrary<T>): fc.Arbitrary<(T & { slot: 1 | 2 })[]> =>
  fc
    .tuple(fc.option(content, { nil: undefined }), fc.option(content, { nil: undefined }))
    .map((two) => two.flatMap((one, index) => (one === undefined ? [] : [{ slot: index === 0 ? 1 : 2, ...one }])));

const user: fc.Arbitrary<ReportedUser> = fc
  .record({
    userName: name,
    path: fc.constantFrom('/', '/people/', '/a/b,c/'),
    createdAt: instant,
    enabled: fc.boolean(),
    use: lastUse(false),
    changedAt: instant,
    mfaActive: fc.boolean(),
    accessKeys: slotted(fc.record({ active: fc.boolean(), rotatedAt: instant, lastUse: lastUse(true) })),
    certificates: slotted(fc.record({ active: fc.boolean(), rotatedAt: instant })),
  })
  .map(({ userName, path, createdAt, enabled, use, changedAt, mfaActive, accessKeys, certificates }) => ({
    userName,
    arn: `arn:aws:iam::111122223333:user${path}${userName}`,
    isRoot: false,
    createdAt,
    password: enabled ? { enabled, lastUse: use, changedAt } : { enabled, lastUse: { kind: 'unknown' } },
    mfaActive,
    accessKeys,
    certificates,
  }));

const useCells = (prefix: string, use: LastUse | undefined): Record<string, string> =>
  use?.kind !== 'used'
    ? {}
    : {
        [`${prefix}_date`]: use.at,
        ...(use.region === undefined ? {} : { [`${prefix}_region`]: use.region }),
        ...(use.service === undefined ? {} : { [`${prefix}_service`]: use.service }),
      };

/** A row as AWS would write it. */
const cellsOf = (one: ReportedUser): Record<string, string> => {
  const cells: Record<string, string> = {
    user: one.userName,
    arn: one.arn,
    user_creation_time: one.createdAt ?? 'N/A',
    password_enabled: String(one.password.enabled),
    password_last_used: one.password.lastUse.kind === 'used' ? one.password.lastUse.at : 'no_information',
    password_last_changed: one.password.changedAt ?? 'N/A',
    mfa_active: String(one.mfaActive),
  };
  for (const slot of [1, 2]) {
    const key = one.accessKeys.find((each) => each.slot === slot);
    const certificate = one.certificates.find((each) => each.slot === slot);
    cells[`access_key_${slot}_active`] = String(key?.active ?? false);
    cells[`access_key_${slot}_last_rotated`] = key?.rotatedAt ?? 'N/A';
    Object.assign(cells, useCells(`access_key_${slot}_last_used`, key?.lastUse));
    cells[`cert_${slot}_active`] = String(certificate?.active ?? false);
    cells[`cert_${slot}_last_rotated`] = certificate?.rotatedAt ?? 'N/A';
  }
  return cells;
};

const quoted = (cell: string): string => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

it('any report reads back as what it was written from, whatever its form', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(user, { selector: (one) => one.userName.toLowerCase(), maxLength: 12 }),
      fc.shuffledSubarray([...requiredColumns, ...optionalColumns, 'new_column'], {
        minLength: requiredColumns.length + optionalColumns.length + 1,
      }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      (users, columns, end, mark, asBytes) => {
        const lines = users.map((one) => {
          const cells = cellsOf(one);
          return columns.map((column) => quoted(cells[column] ?? 'N/A')).join(',');
        });
        const text = `${mark ? '\uFEFF' : ''}${[columns.join(','), ...lines].join(end)}`;
        const read = parseCredentialReport(asBytes ? new TextEncoder().encode(text) : text);
        expect(read).toEqual({ rows: users, faults: [], unknownColumns: ['new_column'] });
      },
    ),
    { numRuns },
  );
});

const reportLike = fc
  .array(
    fc.array(fc.oneof(fc.constantFrom('true', 'N/A', '"', '<root_account>', '2026-01-01T00:00:00Z'), fc.string())),
    {
      maxLength: 8,
    },
  )
  .map((rows) => [requiredColumns.join(','), ...rows.map((cells) => cells.join(','))].join('\n'));

it('any text gives rows and faults, one a line, or a coded error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), reportLike), (text) => {
      try {
        const { rows, faults } = parseCredentialReport(text);
        for (const fault of faults) expect(fault.cells).not.toEqual([]);
        for (const { arn } of rows) expect(arn).toMatch(/^arn:/);
      } catch (error) {
        if (!isRemediationError(error)) throw error;
        expect(error.code).toBe('CREDENTIAL_REPORT_INVALID');
      }
    }),
    { numRuns },
  );
});

it('I20: whatever one cell holds, every other user is read as before', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(user, { selector: (one) => one.userName.toLowerCase(), minLength: 2, maxLength: 5 }),
      fc.constantFrom(...requiredColumns, ...optionalColumns),
      fc.string(),
      (users, column, value) => {
        const columns = [...requiredColumns, ...optionalColumns];
        const lines = users.map((one, index) => {
          const cells = { ...cellsOf(one), ...(index === 0 ? { [column]: value } : {}) };
          return columns.map((each) => quotedAll(cells[each as keyof typeof cells] ?? 'N/A')).join(',');
        });
        const { rows, faults } = parseCredentialReport([columns.join(','), ...lines].join('\n'));
        const others = users.slice(1);
        // A name that is somebody else's casts doubt on both.
        fc.pre(!others.some(({ userName }) => userName.toLowerCase() === value.trim().toLowerCase()));
        expect(rows.filter(({ userName }) => others.some((one) => one.userName === userName))).toEqual(others);
        expect(rows.length + faults.length).toBe(users.length);
      },
    ),
    { numRuns },
  );
});

const quotedAll = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
