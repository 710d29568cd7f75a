import { describe, expect, it } from 'vitest';
import { parseCredentialReport } from './parse.ts';

// The header as AWS sends it in 2026.
const header =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated';
const columns = header.split(',');

const plain: Readonly<Record<string, string>> = {
  user: 'ada',
  arn: 'arn:aws:iam::111122223333:user/people/ada',
  user_creation_time: '2026-01-05T08:00:00Z',
  password_enabled: 'false',
  password_last_used: 'N/A',
  password_last_changed: 'N/A',
  password_next_rotation: 'N/A',
  mfa_active: 'false',
  access_key_1_active: 'false',
  access_key_2_active: 'false',
  cert_1_active: 'false',
  cert_2_active: 'false',
};

const named = (name: string, cells: Readonly<Record<string, string>> = {}) =>
  row({ user: name, arn: `arn:aws:iam::111122223333:user/${name}`, ...cells });

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const row = (cells: Readonly<Record<string, string>> = {}): string =>
  columns.map((column) => quoted(cells[column] ?? plain[column] ?? 'N/A')).join(',');

const report = (...rows: string[]): string => [header, ...rows].join('\n');

const only = (cells: Readonly<Record<string, string>>) => {
  const { rows, faults } = parseCredentialReport(report(row(cells)));
  expect(faults).toEqual([]);
  return rows[0];
};

const rootRow = row({
  user: '<root_account>',
  arn: 'arn:aws:iam::111122223333:root',
  password_enabled: 'not_supported',
  password_last_used: '2026-03-01T10:00:00Z',
  password_last_changed: 'not_supported',
  password_next_rotation: 'not_supported',
  mfa_active: 'true',
});

describe('parseCredentialReport', () => {
  it('reads every column of a user', () => {
    expect(
      only({
        password_enabled: 'true',
        password_last_used: '2026-03-01T10:00:00Z',
        password_last_changed: '2026-02-01T10:00:00Z',
        password_next_rotation: '2026-05-01T10:00:00Z',
        mfa_active: 'true',
        access_key_1_active: 'true',
        access_key_1_last_rotated: '2026-02-02T10:00:00Z',
        access_key_1_last_used_date: '2026-03-02T10:00:00Z',
        access_key_1_last_used_region: 'eu-west-1',
        access_key_1_last_used_service: 's3',
        cert_2_active: 'true',
        cert_2_last_rotated: '2026-02-03T10:00:00Z',
      }),
    ).toEqual({
      userName: 'ada',
      arn: 'arn:aws:iam::111122223333:user/people/ada',
      isRoot: false,
      createdAt: '2026-01-05T08:00:00.000Z',
      password: {
        enabled: true,
        lastUse: { kind: 'used', at: '2026-03-01T10:00:00.000Z' },
        changedAt: '2026-02-01T10:00:00.000Z',
        nextRotationAt: '2026-05-01T10:00:00.000Z',
      },
      mfaActive: true,
      accessKeys: [
        {
          slot: 1,
          active: true,
          rotatedAt: '2026-02-02T10:00:00.000Z',
          lastUse: { kind: 'used', at: '2026-03-02T10:00:00.000Z', service: 's3', region: 'eu-west-1' },
        },
      ],
      certificates: [{ slot: 2, active: true, rotatedAt: '2026-02-03T10:00:00.000Z' }],
    });
  });

  it('I14: the row of root is marked as such and no user', () => {
    const { rows, faults } = parseCredentialReport(report(rootRow, row()));
    expect(faults).toEqual([]);
    expect(rows.map(({ isRoot }) => isRoot)).toEqual([true, false]);
    expect(rows[0]).toMatchObject({
      password: { enabled: 'unknown', lastUse: { kind: 'used', at: '2026-03-01T10:00:00.000Z' } },
      mfaActive: true,
    });
  });

  it('I14: root without a password says FALSE', () => {
    const { rows, faults } = parseCredentialReport(report(rootRow.replace(',not_supported,', ',FALSE,')));
    expect(faults).toEqual([]);
    expect(rows[0]).toMatchObject({ isRoot: true, password: { enabled: false } });
  });

  it('I14: nobody else is taken for root, and root for nobody else', () => {
    const { rows, faults } = parseCredentialReport(
      report(
        row({ arn: 'arn:aws:iam::111122223333:root' }),
        rootRow.replace('arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:user/eve'),
      ),
    );
    expect(rows).toEqual([]);
    expect(faults.map(({ cells }) => cells.map(({ column }) => column))).toEqual([['arn'], ['arn']]);
  });

  it.each([
    ['TRUE', true],
    ['True', true],
    ['FALSE', false],
  ])('takes %s for a boolean', (text, value) => {
    expect(only({ mfa_active: text })).toMatchObject({ mfaActive: value });
  });

  it.each([
    '2026-01-05T08:00:00Z',
    '2026-01-05T08:00:00+00:00',
    '2026-01-05T08:00:00.000Z',
    '2026-01-05T09:00:00+01:00',
  ])('reads the instant %s', (text) => {
    expect(only({ user_creation_time: text })).toMatchObject({ createdAt: '2026-01-05T08:00:00.000Z' });
  });

  it.each([
    { text: 'no_information', created: '2026-01-05T08:00:00Z', kind: 'never' },
    { text: 'N/A', created: '2026-01-05T08:00:00Z', kind: 'never' },
    { text: 'no_information', created: '2014-10-01T08:00:00Z', kind: 'unknown' },
    { text: 'no_information', created: '2018-05-10T08:00:00Z', kind: 'unknown' },
    { text: 'not_supported', created: '2026-01-05T08:00:00Z', kind: 'unknown' },
    { text: '', created: '2026-01-05T08:00:00Z', kind: 'unknown' },
  ])('a password last used "$text" of a user of $created: $kind', ({ text, created, kind }) => {
    const cells = { password_enabled: 'true', password_last_used: text, user_creation_time: created };
    expect(only(cells)?.password.lastUse).toEqual({ kind });
  });

  it('says nothing of the use of a password that is not there', () => {
    expect(only({ password_enabled: 'false', password_last_used: 'N/A' })?.password.lastUse).toEqual({
      kind: 'unknown',
    });
  });

  it.each([
    { text: 'N/A', rotated: '2026-01-05T08:00:00Z', kind: 'never' },
    { text: 'no_information', rotated: '2026-01-05T08:00:00Z', kind: 'never' },
    { text: 'N/A', rotated: '2015-04-01T08:00:00Z', kind: 'unknown' },
    { text: 'not_supported', rotated: '2026-01-05T08:00:00Z', kind: 'unknown' },
  ])('a key last used "$text" that is of $rotated: $kind', ({ text, rotated, kind }) => {
    const cells = {
      access_key_2_active: 'true',
      access_key_2_last_rotated: rotated,
      access_key_2_last_used_date: text,
    };
    expect(only(cells)?.accessKeys).toMatchObject([{ slot: 2, lastUse: { kind } }]);
  });

  it('keeps an inactive key, and has none for an empty slot', () => {
    const cells = { access_key_2_active: 'false', access_key_2_last_rotated: '2026-01-05T08:00:00Z' };
    expect(only(cells)?.accessKeys).toMatchObject([{ slot: 2, active: false, rotatedAt: '2026-01-05T08:00:00.000Z' }]);
  });

  it.each([
    ['mfa_active', 'perhaps'],
    ['mfa_active', ''],
    ['mfa_active', 'N/A'],
    ['password_enabled', 'not_supported'],
    ['access_key_1_active', 'not_supported'],
    ['access_key_2_last_rotated', '2026-02-30T00:00:00Z'],
    ['user_creation_time', 'N/A'],
    ['password_last_used', 'yesterday'],
    ['access_key_1_last_used_date', '2026-01-05'],
    ['cert_1_last_rotated', '0'],
    ['arn', 'arn:aws:s3:::bucket'],
    ['user', 'bob'],
    ['user', ''],
  ])('I20: an odd %s "%s" fails its own user and no other', (column, value) => {
    const { rows, faults } = parseCredentialReport(report(rootRow, row({ [column]: value }), named('bea')));
    expect(rows.map(({ userName }) => userName)).toEqual(['<root_account>', 'bea']);
    expect(faults).toEqual([expect.objectContaining({ cells: [{ column, value }] })]);
  });

  it('I20: an active key or certificate of unknown age is neither good nor bad', () => {
    const cells = { access_key_1_active: 'true', cert_2_active: 'true' };
    expect(parseCredentialReport(report(row(cells)))).toMatchObject({
      rows: [],
      faults: [
        {
          userName: 'ada',
          cells: [
            { column: 'access_key_1_last_rotated', value: 'N/A' },
            { column: 'cert_2_last_rotated', value: 'N/A' },
          ],
        },
      ],
    });
  });

  it('I20: a row that was cut short fails alone', () => {
    const whole = report(rootRow, named('bea'), row());
    const { rows, faults } = parseCredentialReport(whole.slice(0, -3 * 'N/A,'.length));
    expect(rows.map(({ userName }) => userName)).toEqual(['<root_account>', 'bea']);
    expect(faults).toMatchObject([{ userName: 'ada', cells: [{ column: 'row' }] }]);
  });

  it('I20: a user that comes twice is in doubt, whatever the case of the name', () => {
    const { rows, faults } = parseCredentialReport(report(named('bea'), named('ada'), named('Ada')));
    expect(rows.map(({ userName }) => userName)).toEqual(['bea']);
    expect(faults.map(({ userName }) => userName)).toEqual(['ada', 'Ada']);
  });

  it('reads by name: other orders, more columns, Windows line ends and a byte order mark do not matter', () => {
    const turned = report(rootRow, row({ mfa_active: 'true' }))
      .split('\n')
      .map((line, index) => [index === 0 ? 'a_new_column' : 'x', ...line.split(',').reverse()].join(','))
      .join('\r\n');
    const expected = parseCredentialReport(report(rootRow, row({ mfa_active: 'true' })));
    const read = parseCredentialReport(new TextEncoder().encode(`\uFEFF${turned}\r\n\r\n`));
    expect(read).toEqual({ ...expected, unknownColumns: ['a_new_column'] });
    expect(parseCredentialReport(`\uFEFF${turned}`)).toEqual(read);
  });

  it('tells of credentials for which the report has no columns', () => {
    const more = [header, row()].map(
      (line, index) => `${line},${index === 0 ? 'additional_credentials_info' : '3 certs'}`,
    );
    expect(parseCredentialReport(more.join('\n'))).toMatchObject({
      rows: [{ additionalCredentials: '3 certs' }],
      unknownColumns: [],
    });
  });

  it('says nothing of the last use where the report has no such column', () => {
    const index = columns.indexOf('password_last_used');
    const less = report(row({ password_enabled: 'true' }))
      .split('\n')
      .map((line) => line.split(',').toSpliced(index, 1).join(','));
    expect(parseCredentialReport(less.join('\n')).rows[0]?.password.lastUse).toEqual({ kind: 'unknown' });
  });

  it.each(['a,b', 'say "hi"', '"', 'zoë@例え', 'a=b+c,d@e.f-g', "o'neil"])('reads the user name %s', (name) => {
    const { rows, faults } = parseCredentialReport(report(named(name), named('bea')));
    expect(faults).toEqual([]);
    expect(rows.map(({ userName }) => userName)).toEqual([name, 'bea']);
  });

  it('puts a name together whose commas nobody quoted', () => {
    const { rows, faults } = parseCredentialReport(report(named('a,b,c').replaceAll('"', ''), named('a')));
    expect(faults).toEqual([]);
    expect(rows.map(({ userName, arn }) => [userName, arn])).toEqual([
      ['a,b,c', 'arn:aws:iam::111122223333:user/a,b,c'],
      ['a', 'arn:aws:iam::111122223333:user/a'],
    ]);
  });

  it.each(['user', 'arn', 'mfa_active', 'access_key_2_last_rotated', 'cert_1_active'])(
    'refuses a report without the column %s',
    (column) => {
      expect(() => parseCredentialReport(report(row()).replace(column, 'other'))).toThrow(
        expect.objectContaining({ code: 'CREDENTIAL_REPORT_INVALID', message: expect.stringContaining(column) }),
      );
    },
  );

  it('refuses a report that has a column twice', () => {
    const twice = report(row())
      .split('\n')
      .map((line, index) => `${line},${index === 0 ? 'mfa_active' : 'true'}`);
    expect(() => parseCredentialReport(twice.join('\n'))).toThrow(/twice the columns mfa_active/);
  });

  it.each([
    ['nothing', ''],
    ['a page of HTML', '<html>\n<body>no</body>'],
    ['a quote that is never closed', `${header}\n"ada`],
    ['bytes that are no UTF-8', Uint8Array.of(0x75, 0xff, 0xfe)],
    ['far more rows than users can be', `${header}\n${'a\n'.repeat(20_001)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parseCredentialReport(text)).toThrow(expect.objectContaining({ code: 'CREDENTIAL_REPORT_INVALID' }));
  });

  it('has no rows for a report of a header alone', () => {
    expect(parseCredentialReport(`${header}\n`)).toEqual({ rows: [], faults: [], unknownColumns: [] });
  });
});
