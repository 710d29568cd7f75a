import { days } from '@remedykit/core';
import type { CredentialForecast, CredentialRun } from '@remedykit/iam';
import { credentialReportHtml } from '@remedykit/iam/report';

const at = '2026-11-24T10:00:00.000Z';
const accounts = ['111122223333', '444455556666'] as const;

type Account = CredentialRun['accounts'][number];
type Case = Account['open'][number];
type ForecastAccount = CredentialForecast['accounts'][number];
type Step = CredentialRun['steps'][number];

/** The same numbers from 0 to 1 at every run. */
const createChance = (): (() => number) => {
  let state = 7;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

const ahead = (count: number): string => new Date(Date.parse(at) + days(count)).toISOString();
const midnight = (count: number): string => `${ahead(count).slice(0, 10)}T00:00:00.000Z`;

const first = ['ana', 'björk', 'chen', 'dmitri', 'esra', 'fatou', 'gil', 'hana', 'ines', 'jun'];
const last = ['almeida', 'berg', 'costa', 'diallo', 'eriksen', 'fischer', 'garcia', 'haddad', 'ito', 'jansen'];
const teams = ['deploy', 'backup', 'metrics', 'legacy-import', 'partner-sftp', 'etl-nightly-finance-report'];

const personOf = (index: number): string => `${first[index % 10]}.${last[Math.floor(index / 10) % 10]}@example.com`;
const machineOf = (index: number): string => `svc-${teams[index % 6]}-${Math.floor(index / 6)}`;

const rules: readonly Case['rule'][] = [
  'mfa',
  'key-age',
  'key-unused',
  'key-age',
  'mfa',
  'ssh-key-age',
  'service-specific-age',
];
const prefixes: Readonly<Record<string, string>> = { 'ssh-key-age': 'APKA', 'service-specific-age': 'ACCA' };

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  due: ['deadline-passed', 'The deadline has passed, and a warning counts that left the days of notice.'],
  warned: ['warned', 'A warning counts, the reminders that are due are out, and the deadline is still to come.'],
  new: ['warning-due', 'A warning is due, and none counts yet.'],
  unowned: [
    'second-mail-later',
    'Only the fallback recipient could be told. The second mail, which counts, goes out on a later day.',
  ],
  undeliverable: ['security-asked', 'Nobody could be told. Security was asked, and the days of notice run.'],
};

const makeCase = (index: number, chance: () => number): Case => {
  const rule = rules[index % rules.length] ?? 'mfa';
  const drawn = chance();
  const kind =
    drawn < 0.12 ? 'due' : drawn < 0.7 ? 'warned' : drawn < 0.8 ? 'new' : drawn < 0.94 ? 'unowned' : 'undeliverable';
  const id = `${prefixes[rule] ?? 'AKIA'}EXAMPLE${(index * 7_919 + 1_000_003).toString(36).toUpperCase().padStart(9, 'X')}`;
  const credentialId = rule === 'mfa' ? 'password' : id;
  const [reason, because] = reasons[kind] ?? ['', ''];
  const left = kind === 'due' ? -Math.floor(chance() * 6) : 1 + Math.floor(chance() * 24);
  return {
    userName: rule === 'mfa' || chance() < 0.4 ? personOf(index) : machineOf(index),
    userId: `AIDAEXAMPLE${index.toString(36).toUpperCase().padStart(9, 'X')}`,
    caseId: `${rule}/${credentialId}`,
    rule,
    credentialId,
    since: ahead(left - 90 - Math.floor(chance() * 200)),
    state: kind === 'due' ? 'warned' : (kind as Case['state']),
    deadline: midnight(left),
    action: kind === 'due' ? 'act' : kind === 'new' ? 'warn' : 'wait',
    reason,
    because,
  };
};

const makeAccount = (accountId: string, from: number, count: number, chance: () => number): Account => ({
  accountId,
  preview: false,
  users: count * 4,
  reportGeneratedAt: ahead(-0.1),
  cases: [],
  mails: [
    { stage: 10, status: 'sent', count: 12 },
    { stage: 1, status: 'sent', count: 3 },
    { stage: 0, status: 'rejected', count: 1 },
    { stage: 'unowned', status: 'sent', count: 2 },
  ],
  actions: [],
  due: [],
  onHold: [],
  steps: [],
  skipped: [
    {
      reason: 'read-failed',
      because: 'What the rules need of this user could not be read. (AccessDenied: no)',
      subject: personOf(91),
      announce: true,
    },
    {
      reason: 'domain-not-allowed',
      because: 'The tag owner names an address outside of the allowed domains.',
      subject: machineOf(3),
      announce: false,
    },
  ],
  ended: [],
  exempt: Array.from({ length: 8 }, (_, index) => ({
    userName: machineOf(from + index * 5),
    by: index % 2 === 0 ? 'path:/mainframe/' : 'tag:remedykit:exempt',
    reason: index % 2 === 0 ? 'The bridge to the mainframe moves to roles in spring.' : 'migration, see CHG-1042',
    expires: midnight(4 + index * 17),
    announce: index === 0,
  })),
  cannotWarn: [],
  root: [
    {
      reason: 'root-access-key',
      because: 'The root user has access keys. They can do all that the account can; delete them.',
      announce: true,
    },
    {
      reason: 'root-used',
      because: 'The root user was used recently. Find out by whom and what for.',
      subject: ahead(-3),
      announce: true,
    },
  ],
  faults: [
    {
      reason: 'exemption-void',
      because: 'tag:remedykit:exempt says no day up to which it holds',
      subject: machineOf(8),
      announce: true,
    },
  ],
  done: true,
  open: Array.from({ length: count }, (_, index) => makeCase(from + index, chance)),
  calls: { detection: 6, polls: 2, all: 6 + count * 2 },
});

const stepsOf = (account: Account): Step[] =>
  account.open.flatMap(({ userName, caseId, action, rule }, index): Step[] => {
    if (action !== 'act' || index % 3 === 0) return [];
    const name = rule === 'mfa' ? 'attach-policy' : 'deactivate';
    const hasFailed = index % 7 === 0;
    return [
      {
        stepId: `${userName}/${caseId}/${name}`,
        action: name,
        status: hasFailed ? 'failed' : 'applied',
        reason: hasFailed ? 'busy' : 'due',
        because: hasFailed
          ? 'IAM took no change of this user for the moment; nothing was changed.'
          : 'Its time is up, after a warning that counts.',
        retryable: hasFailed,
      },
    ];
  });

const makeRun = (): CredentialRun => {
  const chance = createChance();
  const found = [makeAccount(accounts[0], 0, 240, chance), makeAccount(accounts[1], 300, 30, chance)];
  return { runId: 'run-20261124', at, accounts: found, steps: found.flatMap(stepsOf), done: true };
};

/** The page about a run over two accounts. */
export const credentialRunPage = (): string => credentialReportHtml(makeRun());

/** What a run of one account without a fault leaves: nothing to do. */
export const quietCredentialPage = (): string => {
  const [account] = makeRun().accounts;
  if (account === undefined) return '';
  const quiet: Account = {
    ...account,
    preview: true,
    mails: [],
    skipped: [],
    exempt: [],
    root: [],
    faults: [],
    open: [],
  };
  return credentialReportHtml({ runId: 'run-quiet', at, accounts: [quiet], steps: [], done: true });
};

/** The page about what comes. */
export const credentialForecastPage = (): string => {
  const { accounts: found } = makeRun();
  const forecast: CredentialForecast = {
    at,
    days: 30,
    done: true,
    accounts: found.map(
      ({ accountId, users, open, exempt }): ForecastAccount => ({
        accountId,
        users,
        skipped: [],
        exempt: exempt.map(({ announce: _, ...one }) => ({ ...one, userId: 'AIDAEXAMPLE' })),
        cases: open.map(({ action: _, ...one }) => {
          const left = Math.round((Date.parse(one.deadline) - Date.parse(midnight(0))) / days(1));
          const stages = [10, 5, 1].filter((stage) => left - stage >= 0);
          const entry = { state: 'warned', deadline: one.deadline } as const;
          return {
            ...one,
            days: [
              ...stages.map((stage) => ({ ...entry, day: midnight(left - stage), action: 'warn' as const, stage })),
              one.state === 'undeliverable'
                ? { ...entry, day: midnight(Math.max(0, left)), action: 'report' as const }
                : { ...entry, day: midnight(Math.max(0, left)), action: 'act' as const, stage: 0 as const },
            ],
          };
        }),
      }),
    ),
  };
  return credentialReportHtml(forecast);
};

const hostile = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=\'document.title="taken"\'>',
  '</style></script><script>document.title="taken"</script>',
  '<svg/onload=document.title="taken">',
  '<iframe src="https://example.com/"></iframe>',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  'javascript:document.title="taken"',
  '\u202egnp.exe\u0000',
  'W'.repeat(300),
];

/** The page of users, tags and errors that try to take it over. */
export const hostileCredentialPage = (): string => {
  const [account] = makeRun().accounts;
  if (account === undefined) return '';
  const notices = hostile.map((text) => ({ reason: text, because: text, subject: text, announce: true }));
  const open = hostile.map(
    (text, index): Case => ({
      ...makeCase(index, () => 0.5),
      userName: text,
      userId: text,
      caseId: `key-age/${text}`,
      rule: 'key-age',
      credentialId: text,
      reason: text,
      because: text,
    }),
  );
  const steps = hostile.map(
    (text): Step => ({
      stepId: text,
      action: text,
      status: 'failed',
      reason: text,
      because: text,
      retryable: true,
    }),
  );
  const taken: Account = {
    ...account,
    accountId: hostile[0] ?? '',
    exempt: hostile.map((text) => ({ userName: text, by: text, reason: text, expires: midnight(20), announce: true })),
    skipped: notices,
    root: notices,
    faults: notices,
    cannotWarn: notices,
    open,
    error: { code: hostile[1] ?? '', message: hostile[2] ?? '' },
    done: false,
  };
  return credentialReportHtml({ runId: hostile[3] ?? '', at, accounts: [taken, account], steps, done: false });
};
