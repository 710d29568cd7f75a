import { days } from '@remedykit/core';
import type { CredentialForecast, CredentialRun } from '@remedykit/iam';
import { credentialReportHtml } from '@remedykit/iam/report';

const at = '2026-11-24T10:00:00.000Z';
const accounts = ['111122223333', '444455556666'] as const;

type Account = CredentialRun['accounts'][number];
type Case = Account['open'][number];
type ForecastAccount = CredentialForecast['accounts'][number];
type Step = CredentialRun['steps'][number];
type Action = Account['actions'][number];

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

const personOf = (index: number): string => {
  const namesake = index < 100 ? '' : `.${Math.floor(index / 100) + 1}`;
  return `${first[index % 10]}.${last[Math.floor(index / 10) % 10]}${namesake}@example.com`;
};
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

const mfaDecisions: readonly (readonly [string, string])[] = [
  ['mfa-missing', 'The grace is over without an MFA device: console access is denied until there is one.'],
  [
    'hold-privileged',
    'The grace is over without an MFA device, and the user is privileged: a thief of the password could enrol a device, so every session is denied until a person has looked.',
  ],
  ['already-denied', 'Console access without MFA is denied already; it ends when the user enrols a device.'],
  [
    'boundary',
    'A permissions boundary that is not known to allow enrolment would lock the user out. Security decides.',
  ],
];

const actingOf = (rule: Case['rule'], index: number): Pick<Case, 'acting'> => {
  if (rule !== 'mfa')
    return {
      acting:
        index % 6 !== 0
          ? { reason: 'due', because: 'Its time is up, after a warning that counts.' }
          : {
              reason: 'incident',
              because:
                'It was deactivated twice and made active again each time. Nothing more is done: people must find out who does that, and why.',
            },
    };
  const [reason, because] = mfaDecisions[index % mfaDecisions.length] ?? ['', ''];
  return { acting: { reason, because } };
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
    ...(kind === 'due' ? actingOf(rule, Math.floor(index / 7)) : {}),
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

const ends: readonly (readonly [Action['status'], string, string])[] = [
  ['applied', '', ''],
  ['applied', '', ''],
  ['applied', '', ''],
  ['refused', 'limit-users', 'As many users as a day allows were acted on in the last 24 hours; the next runs go on.'],
  ['applied', '', ''],
  ['failed', 'busy', 'IAM took no change of this user for the moment; nothing was changed.'],
  [
    'failed',
    'unknown-effect',
    'The answer was lost on its way, and a look shows no effect so far. The next run looks again before it does anything.',
  ],
  ['skipped', 'no-longer-due', 'It was put right meanwhile, or is not due any more; nothing was changed.'],
];

const passive: ReadonlySet<string> = new Set(['already-denied', 'boundary', 'incident']);

/** What was done about the cases whose time is up, and about users who comply again. */
const actionsOf = ({ open }: Account): Action[] => [
  ...open
    .filter(({ action, acting }) => action === 'act' && acting !== undefined && !passive.has(acting.reason))
    .map(({ userName, rule, credentialId, acting }, index): Action => {
      const [status, reason, because] = ends[index % ends.length] ?? ['applied', '', ''];
      const isHold = acting?.reason === 'hold-privileged';
      return {
        ...(rule === 'mfa'
          ? { action: 'attach-policy', policy: isHold ? 'hold' : 'enrolment' }
          : { action: 'deactivate' }),
        subject: userName,
        rule,
        credentialId,
        status,
        reason: reason || (acting?.reason ?? ''),
        because: because || (acting?.because ?? ''),
        announce: true,
      };
    }),
  ...[971, 984].map(
    (index): Action => ({
      action: 'detach-policy',
      policy: 'enrolment',
      subject: personOf(index),
      rule: 'mfa',
      credentialId: 'password',
      status: 'applied',
      reason: 'complies',
      because: 'The user has an MFA device, or no password any more: console access is not denied.',
      announce: true,
    }),
  ),
];

const stepOf = ({ subject, rule, credentialId, action, policy, status, reason, because }: Action): Step => ({
  stepId: [subject, rule, credentialId, action, ...(policy === undefined ? [] : [policy])].join('/'),
  action,
  status: status === 'planned' ? 'skipped' : status,
  reason,
  because,
  retryable: status === 'failed',
});

/** The account after a run that acted. */
const acted = (account: Account): Account => {
  const actions = actionsOf(account);
  return {
    ...account,
    actions,
    steps: actions.map(stepOf),
    onHold: actions
      .filter(({ policy, status }) => policy === 'hold' && status === 'applied')
      .map(({ subject }) => ({
        subject,
        reason: 'on-hold',
        because: 'Every session of the user is denied until a person answers with resolve().',
        announce: true,
      })),
  };
};

const makeRun = (): CredentialRun => {
  const chance = createChance();
  const found = [makeAccount(accounts[0], 0, 240, chance), makeAccount(accounts[1], 300, 30, chance)].map(acted);
  return { runId: 'run-20261124', at, accounts: found, steps: found.flatMap(({ steps }) => steps), done: true };
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
    actions: [],
    steps: [],
    onHold: [],
    mails: [],
    skipped: [],
    exempt: [],
    root: [],
    faults: [],
    open: [],
  };
  return credentialReportHtml({ runId: 'run-quiet', at, accounts: [quiet], steps: [], done: true });
};

/** What a dry run of one account says. */
export const plannedCredentialPage = (): string => {
  const [account] = makeRun().accounts;
  if (account === undefined) return '';
  const actions = account.actions.map(
    (one): Action => (one.status === 'refused' ? one : { ...one, status: 'planned' }),
  );
  const planned: Account = { ...account, preview: true, actions, onHold: [], steps: [] };
  return credentialReportHtml({ runId: 'run-dry', at, accounts: [planned], steps: [], done: true });
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
            consequence: one.rule === 'mfa' && left % 3 === 0 ? 'hold' : 'act',
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
      acting: { reason: text, because: text },
    }),
  );
  const actions = hostile.map(
    (text, index): Action => ({
      action: 'deactivate',
      subject: text,
      rule: 'key-age',
      credentialId: text,
      status: index % 2 === 0 ? 'applied' : 'failed',
      reason: text,
      because: text,
      announce: true,
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
    onHold: notices,
    actions,
    steps,
    open,
    error: { code: hostile[1] ?? '', message: hostile[2] ?? '' },
    done: false,
  };
  return credentialReportHtml({ runId: hostile[3] ?? '', at, accounts: [taken, account], steps, done: false });
};
