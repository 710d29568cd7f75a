import type { StepOutcome } from '@remedykit/core';
import type { AccountRun, CredentialForecast, CredentialRun, OpenCase } from '../enforcer/outcome.ts';
import type { RunAction } from '../messages/run-summary.ts';

// For tests alone.

const at = '2026-11-24T10:00:00.000Z';

/** A case, a key of ana's where nothing else is said. */
export const sampleCase = (changes: Partial<OpenCase> = {}): OpenCase => {
  const rule = changes.rule ?? 'key-age';
  const credentialId = changes.credentialId ?? 'AKIAEXAMPLEANA001234';
  return {
    userId: 'AIDAEXAMPLEANA000001',
    userName: 'ana',
    caseId: `${rule}/${credentialId}`,
    rule,
    credentialId,
    since: '2026-08-20T09:00:00.000Z',
    state: 'warned',
    deadline: '2026-11-30T00:00:00.000Z',
    action: 'wait',
    reason: 'warned',
    because: 'A warning counts.',
    ...changes,
  };
};

/** A change, a deny of cyd's console where nothing else is said. */
export const sampleAction = (changes: Partial<RunAction> = {}): RunAction => ({
  action: 'attach-policy',
  // No other action is about a policy.
  ...((changes.action ?? 'attach-policy').endsWith('-policy') ? { policy: 'enrolment' } : {}),
  subject: 'cyd',
  rule: 'mfa',
  credentialId: 'password',
  status: 'applied',
  reason: 'mfa-missing',
  because: 'The grace is over.',
  announce: true,
  ...changes,
});

/** A step, by its id. */
export const sampleStep = (stepId: string, changes: Partial<StepOutcome> = {}): StepOutcome => ({
  stepId,
  action: 'warn',
  status: 'applied',
  reason: 'sent',
  because: 'SES accepted it.',
  retryable: false,
  ...changes,
});

/** An account with a little of everything. */
export const sampleAccount = (changes: Partial<AccountRun> = {}): AccountRun => ({
  accountId: '111122223333',
  preview: false,
  users: 40,
  reportGeneratedAt: '2026-11-24T08:00:00.000Z',
  cases: [{ rule: 'key-age', state: 'warned', count: 2 }],
  mails: [{ stage: 5, status: 'sent', count: 1 }],
  actions: [
    sampleAction(),
    sampleAction({
      subject: 'dan',
      action: 'detach-policy',
      reason: 'complies',
      because: 'The user has an MFA device.',
    }),
    sampleAction({
      subject: 'eva',
      action: 'deactivate',
      rule: 'key-age',
      credentialId: 'AKIAEXAMPLEEVA001234',
      status: 'refused',
      reason: 'limit-users',
      because: 'As many users as a day allows were acted on.',
    }),
  ],
  due: [],
  onHold: [{ reason: 'on-hold', because: 'Every session is denied.', subject: 'fay', announce: true }],
  steps: [
    sampleStep('cyd/mfa/password/attach-policy/enrolment', {
      action: 'attach-policy',
      reason: 'mfa-missing',
      because: 'The grace is over.',
      requestIds: ['req-1'],
    }),
    sampleStep('cyd/mfa/password/0'),
    sampleStep('dan/mfa/password/detach-policy/enrolment', {
      action: 'detach-policy',
      reason: 'complies',
      because: 'The user has an MFA device.',
    }),
    sampleStep('eva/key-age/AKIAEXAMPLEEVA001234/deactivate', {
      action: 'deactivate',
      status: 'refused',
      reason: 'limit-users',
      because: 'As many users as a day allows were acted on.',
    }),
    sampleStep('zoe/read', { action: 'read', status: 'failed', reason: 'read-failed', because: 'not allowed' }),
  ],
  skipped: [{ reason: 'read-failed', because: 'It could not be read.', subject: 'zoe', announce: true }],
  ended: [],
  exempt: [
    {
      userName: 'bridge',
      by: 'path:/mainframe/',
      reason: 'old, but "needed"',
      expires: '2027-03-31T00:00:00.000Z',
      announce: false,
    },
  ],
  cannotWarn: [],
  root: [
    { reason: 'root-used', because: 'The root user was used.', subject: '2026-11-20T07:00:00.000Z', announce: true },
  ],
  faults: [{ reason: 'exemption-void', because: 'The tag names no day.', subject: 'mallory', announce: true }],
  done: true,
  open: [
    sampleCase({
      userName: 'cyd',
      userId: 'AIDAEXAMPLECYD000001',
      rule: 'mfa',
      credentialId: 'password',
      deadline: '2026-11-20T00:00:00.000Z',
      action: 'act',
      reason: 'deadline-passed',
      because: 'The deadline has passed.',
      acting: { reason: 'mfa-missing', because: 'The grace is over.' },
    }),
    sampleCase(),
  ],
  calls: { detection: 5, polls: 1, all: 9 },
  ...changes,
});

/** A step of an account that could not be looked at: of no account's steps. */
const failedLook = sampleStep('444455556666/look', {
  action: 'look',
  status: 'failed',
  reason: 'AccessDenied',
  because: 'not allowed',
  retryable: true,
  error: { code: 'AccessDenied', message: 'not allowed' },
});

/** A run over two accounts, the second of which failed; its steps are those of its accounts where nothing else is said. */
export const sampleRun = (changes: Partial<CredentialRun> = {}): CredentialRun => {
  const accounts = changes.accounts ?? [
    sampleAccount({
      accountId: '444455556666',
      users: 0,
      mails: [],
      actions: [],
      onHold: [],
      steps: [],
      skipped: [],
      exempt: [],
      root: [],
      open: [],
      faults: [{ reason: 'AccessDenied', because: 'not allowed', announce: true }],
      done: false,
      error: { code: 'AccessDenied', message: 'not allowed' },
      calls: { detection: 0, polls: 0, all: 0 },
    }),
    sampleAccount(),
  ];
  const steps = accounts.flatMap((account) => account.steps);
  return {
    runId: 'run-1',
    at,
    accounts,
    steps: changes.accounts === undefined ? [...steps, failedLook] : steps,
    done: true,
    ...changes,
  };
};

/** A forecast of one account: ana is warned, then her time is up. */
export const sampleForecast = (changes: Partial<CredentialForecast> = {}): CredentialForecast => {
  const { action: _, ...ana } = sampleCase();
  const { deadline } = ana;
  return {
    at,
    days: 14,
    done: true,
    accounts: [
      {
        accountId: '111122223333',
        users: 40,
        cases: [
          {
            ...ana,
            consequence: 'act',
            days: [
              { day: '2026-11-25T00:00:00.000Z', action: 'warn', stage: 5, state: 'warned', deadline },
              { day: '2026-11-30T00:00:00.000Z', action: 'act', stage: 0, state: 'warned', deadline },
            ],
          },
        ],
        exempt: [
          {
            userId: 'AIDA1',
            userName: 'bridge',
            by: 'path:/mainframe/',
            reason: 'old',
            expires: '2026-12-01T00:00:00.000Z',
          },
        ],
        skipped: [
          { userName: 'zoe', reason: 'last-use-unknown', because: 'Unknown.', credentialId: 'AKIAEXAMPLEZOE001234' },
        ],
      },
    ],
    ...changes,
  };
};

/** What breaks pages and sheets that trust what people write. */
export const hostileTexts: readonly string[] = [
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=document.title="taken">',
  "' onmouseover='document.title=1",
  '</style><script>document.title="taken"</script>',
  '</script><script>document.title="taken"</script>',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '\u202egnp.exe\u0000\u001b[31m',
  'javascript:document.title="taken"',
  '<svg/onload=document.title="taken">',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  '\ud800',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)*cmd',
  '+1',
  '-1',
  '\t=1',
  'a;=1',
  '"",=1',
  "'=1",
  'constructor',
  '__proto__',
];

/** A run with these texts wherever people or AWS can write one. */
export const hostileRun = (texts: readonly string[]): CredentialRun => {
  const notices = texts.map((text) => ({ reason: text, because: text, subject: text, announce: true }));
  return sampleRun({
    runId: texts[0] ?? '',
    accounts: [
      sampleAccount(),
      sampleAccount({
        accountId: texts.at(-1) ?? '',
        open: texts.map((text) =>
          sampleCase({
            userName: text,
            userId: text,
            caseId: `key-age/${text}`,
            credentialId: text,
            reason: text,
            because: text,
            acting: { reason: text, because: text },
          }),
        ),
        actions: texts.map((text) =>
          sampleAction({
            subject: text,
            credentialId: text,
            rule: 'key-age',
            // A run may have been read from a file, where anything may stand.
            policy: text as 'hold',
            decided: text,
            runId: text,
            reason: text,
            because: text,
            status: 'failed',
          }),
        ),
        onHold: notices,
        steps: texts.flatMap((text) => [
          sampleStep(`${text}/key-age/${text}/warn`, { action: text, reason: text, because: text }),
          sampleStep(text, { action: text, reason: text, because: text, status: 'failed' }),
        ]),
        ended: texts.map((text) => ({
          userName: text,
          by: text,
          reason: text,
          expires: '2026-11-20T00:00:00.000Z',
          announce: true,
        })),
        exempt: texts.map((text) => ({
          userName: text,
          by: text,
          reason: text,
          expires: '2027-01-01T00:00:00.000Z',
          announce: true,
        })),
        skipped: notices,
        root: notices,
        cannotWarn: notices,
        faults: notices,
        done: false,
        error: { code: texts[0] ?? '', message: texts.at(-1) ?? '' },
      }),
    ],
  });
};
