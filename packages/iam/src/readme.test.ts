import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enforcerPermissions } from './enforcer/permissions.ts';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const source = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.startsWith('testing'))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, ''))
  .join('\n');

const found = (pattern: RegExp, text: string): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

const section = (heading: string): string => readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';

/** The codes in the first column of the table under a heading. */
const documented = (heading: string): string[] =>
  [...section(heading).matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) => found(/`([\w-]+)`/g, cell)).sort();

describe('README', () => {
  it('documents every error code and no other', () => {
    const used = [...found(/code: '([A-Z_]+)'/g, source), ...found(/'(MAIL_EVENTS?_[A-Z]+)'/g, source)];
    // Of a function that IAM's answers and settings go through; a user meets the first as the cause of another.
    const inner = ['OPTION_INVALID'];
    expect(documented('Errors')).toEqual([...new Set(used)].filter((code) => !inner.includes(code)).sort());
  });

  it('documents every option and no other', () => {
    const settings = readFileSync(join(import.meta.dirname, 'enforcer', 'settings.ts'), 'utf8');
    expect(documented('Options')).toEqual(found(/^ {2}(\w+): true,$/gm, settings));
  });

  const age = { warnAtDays: [80], deactivateAtDays: 90 };
  const deny = { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report' } as const;

  it.each([
    ['`mfa`', { mfa: { action: 'report', graceDays: 14 } }],
    ['`mfa`, `deny-until-mfa`', { mfa: deny }],
    ['`mfa`, `delete-login-profile`', { mfa: { action: 'delete-login-profile', graceDays: 14 } }],
    ['`accessKeys`', { accessKeys: age }],
    ['`serviceSpecificCredentials`', { serviceSpecificCredentials: age }],
    ['`signingCertificates`', { signingCertificates: age }],
    ['`sshKeys`', { sshKeys: age }],
  ] as const)('documents the permissions of each rule and no others: %s', (rule, rules) => {
    const rows = section('Permissions').split('\n');
    // What holds for all, for all of a kind, and for the rule alone.
    const action = 'mfa' in rules ? rules.mfa.action : 'acts';
    const kinds = [
      'any',
      ...(action === 'report' ? [] : ['any that acts']),
      ...('mfa' in rules ? ['`mfa`'] : []),
      rule,
    ];
    const told = rows.filter((row) => kinds.some((kind) => row.startsWith(`| ${kind} |`))).join('\n');
    const permitted = enforcerPermissions({ accounts: ['111122223333'], ...rules }).Statement;
    // The condition's key stands in the same words.
    expect(found(/`(iam:(?!PolicyARN)\w+)`/g, told)).toEqual(permitted.flatMap(({ Action }) => Action).sort());
  });

  it('names every sub-path', () => {
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: object };
    const paths = Object.keys(exports).map((path) => `@remedykit/iam${path.slice(1)}`);
    expect(found(/^\| `(@remedykit\/iam[\w/]*)` \|/gm, readme)).toEqual(paths.sort());
  });

  it('documents every state of a case', () => {
    const model = readFileSync(join(import.meta.dirname, 'model', 'case.ts'), 'utf8');
    const states = /export type CaseState =([\s\S]*?);/.exec(model)?.[1] ?? '';
    expect(documented('How a run goes')).toEqual(found(/\| '([a-z-]+)'/g, states));
  });
});
