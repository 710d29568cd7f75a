import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionReasons } from '../actions/action-reasons.ts';
import { credentialReasons } from '../actions/credential-reasons.ts';
import { refusalReasons } from '../actions/limit-reasons.ts';
import { consoleReasons } from '../mfa/console-reasons.ts';
import type { AccountRunSummary, DueCase, RunAction } from './run-summary.ts';
import { runSummaryMessage } from './run-summary-message.ts';
import { sampleDeactivation, samplePolicyAction, sampleSummary, sampleSummaryOf } from './sample-actions.ts';
import { ownWords, readable, shown } from './sample-warnings.ts';

const told = (changes: Partial<AccountRunSummary>) => runSummaryMessage(sampleSummaryOf(sampleSummary(changes)));
const wordsOf = (changes: Partial<AccountRunSummary>): string => {
  const message = told(changes);
  return message === undefined ? '' : shown(message);
};

const due = (reason: keyof typeof credentialReasons | keyof typeof consoleReasons, subject: string): DueCase => ({
  subject,
  rule: reason in credentialReasons ? 'key-age' : 'mfa',
  credentialId: reason in credentialReasons ? 'AKIAIOSFODNN7EXA7Q2X' : 'password',
  deadline: '2026-11-20T00:00:00.000Z',
  reason,
  because: { ...credentialReasons, ...consoleReasons }[reason],
  announce: true,
});

const failed = (reason: keyof typeof actionReasons, changes: Partial<RunAction> = {}): RunAction =>
  sampleDeactivation({ status: 'failed', reason, because: actionReasons[reason], ...changes });

const refused = (reason: keyof typeof refusalReasons, changes: Partial<RunAction> = {}): RunAction =>
  sampleDeactivation({ status: 'refused', reason, because: refusalReasons[reason], ...changes });

const acting = sampleSummary({
  actions: [
    sampleDeactivation(),
    sampleDeactivation({ subject: 'bea', credentialId: 'AKIAIOSFODNN7EXAB3AB' }),
    sampleDeactivation({
      subject: 'cem',
      credentialId: 'AKIAIOSFODNN7EXAC3CC',
      reason: 'relapse',
      because: credentialReasons.relapse,
    }),
    samplePolicyAction('attach-policy', 'enrolment', { subject: 'dan' }),
    samplePolicyAction('attach-policy', 'hold', {
      subject: 'eve',
      reason: 'hold-privileged',
      because: consoleReasons['hold-privileged'],
    }),
    samplePolicyAction('attach-policy', 'enrolment', {
      subject: 'fay',
      reason: 'confirmed',
      because: consoleReasons.confirmed,
    }),
    samplePolicyAction('detach-policy', 'hold', {
      subject: 'fay',
      reason: 'confirmed',
      because: consoleReasons.confirmed,
    }),
    samplePolicyAction('detach-policy', 'enrolment', {
      subject: 'gus',
      reason: 'complies',
      because: consoleReasons.complies,
    }),
    failed('unknown-effect', { subject: 'hal' }),
    failed('busy', { subject: 'ida', rule: 'certificate-age', credentialId: 'TA7SMP42TDN5Z26OBPJE7EXAMPLE' }),
    refused('limit-users', { subject: 'jo' }),
    refused('break-glass', { subject: 'break-glass' }),
    sampleDeactivation({
      subject: 'kim',
      status: 'skipped',
      reason: 'no-longer-due',
      because: actionReasons['no-longer-due'],
    }),
    samplePolicyAction('attach-policy', 'enrolment', {
      subject: 'lea',
      status: 'refused',
      reason: 'policy-drift',
      because: 'The default version of arn:aws:iam::111122223333:policy/x is not what this library expects.',
    }),
  ],
  onHold: [{ subject: 'mia', reason: 'on-hold', because: consoleReasons['on-hold'], announce: true }],
  due: [
    due('boundary', 'nia'),
    due('password-expired', 'ole'),
    due('no-attachment-left', 'pia'),
    due('active-keys', 'quin'),
    due('incident', 'rob'),
    due('relapse-waits', 'sam'),
    due('report-only', 'tom'),
  ],
  mails: [{ stage: 10, status: 'sent', count: 7 }],
});

describe('a run that acts', () => {
  it('is told as in its golden file', async () => {
    const message = runSummaryMessage(sampleSummaryOf(acting));
    await expect(message && shown(message)).toMatchFileSnapshot('__golden__/run-acting.txt');
  });

  it('is told as a preview in words of what would be', async () => {
    const planned = acting.actions.map((one) =>
      one.status === 'applied' ? { ...one, status: 'planned' as const } : one,
    );
    const actions = planned.filter(({ status }) => status === 'planned' || status === 'refused');
    const message = runSummaryMessage(sampleSummaryOf({ ...acting, preview: true, actions }));
    await expect(message && shown(message)).toMatchFileSnapshot('__golden__/run-acting-preview.txt');
    expect(message).not.toHaveProperty('undone');
    expect(message && shown(message)).not.toMatch(/• Deactivated|restore\(|: REFUSED/);
  });

  it('I25, I26: names what failed, with why, and never among what was done', () => {
    const message = told({ actions: [sampleDeactivation(), failed('write-failed', { subject: 'bob' })] });
    const body = message?.body.map(readable) ?? [];
    const done = body.filter((text) => text.startsWith('Deactivated, not deleted'));
    expect(done).toEqual([
      'Deactivated, not deleted: 1. Its time is up, after a warning that counts.\n• alice, access key AKIA…7Q2X',
    ]);
    expect(body[0]).toBe(
      'NOT deactivated, it failed: 1. IAM refused the change; nothing was changed.\n• bob, access key AKIA…7Q2X',
    );
    expect(readable(message?.title)).toBe('IAM credentials: 1 change FAILED; 1 deactivated');
    expect(message).toMatchObject({ severity: 'medium', undone: true });
  });

  it('I26: says of a lost answer that nobody knows, and of one that a look resolved that it is done', () => {
    const lost = wordsOf({ actions: [failed('unknown-effect')] });
    expect(lost).toContain('NOBODY KNOWS whether it took effect: deactivation: 1.');
    expect(lost).not.toContain('Deactivated, not deleted');
    const seen = { reason: 'answer-lost', because: actionReasons['answer-lost'] };
    expect(wordsOf({ actions: [sampleDeactivation(seen)] })).toContain('Deactivated, not deleted: 1.');
  });

  it.each([
    ['a deactivation', { actions: [sampleDeactivation()] }, 'low', undefined],
    ['a release', { actions: [samplePolicyAction('detach-policy', 'hold', { reason: 'complies' })] }, 'low', undefined],
    ['a hold', { actions: [samplePolicyAction('attach-policy', 'hold')] }, 'medium', undefined],
    [
      'a doubtful deny',
      { actions: [samplePolicyAction('attach-policy', 'enrolment', { reason: 'mfa-missing-alert' })] },
      'medium',
      undefined,
    ],
    [
      'a second deactivation',
      { actions: [sampleDeactivation({ reason: 'answer-lost', decided: 'relapse' })] },
      'medium',
      undefined,
    ],
    ['somebody on hold', { onHold: acting.onHold }, 'medium', undefined],
    ['a refusal by the limit', { actions: [refused('limit-users')] }, 'medium', true],
    ['a refusal while paused', { actions: [refused('paused')] }, 'medium', true],
    ['a failure', { actions: [failed('busy')] }, 'medium', true],
    ['an unknown effect', { actions: [failed('unknown-effect')] }, 'high', true],
    ['an unreadable pause', { actions: [refused('control-unreadable')] }, 'high', true],
    ['policy-drift', { actions: [refused('part-refused', { reason: 'policy-drift' })] }, 'high', true],
    ['a missing policy', { actions: [failed('policy-missing')] }, 'high', true],
    ['an incident', { due: [due('incident', 'rob')] }, 'high', true],
    ['a relapse', { due: [due('relapse-waits', 'sam')] }, 'medium', true],
    ['somebody left to security', { due: [due('boundary', 'nia')] }, 'medium', true],
    [
      'what was put right',
      { actions: [sampleDeactivation({ status: 'skipped', reason: 'changed' })] },
      'low',
      undefined,
    ],
  ] as const)(
    '%s has its severity, and is undone only where something was not done',
    (_, changes, severity, undone) => {
      expect(told(changes)?.severity).toBe(severity);
      expect(told(changes)?.undone).toBe(undone);
    },
  );

  it('is nothing where all of it was told before', () => {
    const old = <T extends { announce: boolean }>(list: readonly T[]): T[] =>
      list.map((one) => ({ ...one, announce: false }));
    expect(told({ actions: old(acting.actions), onHold: old(acting.onHold), due: old(acting.due) })).toBeUndefined();
  });

  it('tells of a case once, though its time is up and its change was refused', () => {
    const jo = { ...due('due', 'jo'), reason: 'limit-users', because: refusalReasons['limit-users'] };
    const other = sampleSummary({ accountId: '444455556666', due: [jo] });
    const here = sampleSummary({ actions: [refused('limit-users', { subject: 'jo' })], due: [jo] });
    const message = runSummaryMessage(sampleSummaryOf(here, other));
    expect(readable(message?.title)).toBe('IAM credentials: 1 change REFUSED; 1 deadline passed, NOTHING DONE');
    const body = message?.body.map(readable).join('\n') ?? '';
    expect(body.match(/111122223333: jo/g)).toHaveLength(1);
    expect(body.match(/444455556666: jo/g)).toHaveLength(1);
    // A refusal that was told before hides nothing that is new.
    const old = refused('limit-users', { subject: 'jo', announce: false });
    expect(readable(told({ actions: [old], due: [jo] })?.title)).toContain('1 deadline passed');
  });

  it('offers to undo what can be undone, by its run, and nothing else', () => {
    const undo = "To undo what this run did: restore('run-1', { reason, requestedBy, exemptUntil })";
    for (const done of [
      sampleDeactivation(),
      samplePolicyAction('attach-policy', 'enrolment'),
      samplePolicyAction('attach-policy', 'hold'),
    ])
      expect(wordsOf({ actions: [done] })).toContain(undo);
    const none: readonly RunAction[] = [
      samplePolicyAction('detach-policy', 'enrolment', { reason: 'complies' }),
      sampleDeactivation({ action: 'delete-login-profile', rule: 'mfa', credentialId: 'password' }),
      failed('busy'),
      refused('paused'),
      sampleDeactivation({ status: 'planned' }),
      sampleDeactivation({ status: 'already-applied' }),
    ];
    expect(wordsOf({ actions: none })).not.toContain('restore(');
    expect(wordsOf({ preview: true, actions: [sampleDeactivation({ status: 'planned' })] })).not.toContain('restore(');
  });

  it('stays useful at 1,500 changes: names 20 of a kind, counts the others, and sums up first', () => {
    const many = Array.from({ length: 1_500 }, (_, index) => {
      const changes = { subject: `user-${index}`, credentialId: `AKIAIOSFODNN7EX${10_000 + index}` };
      return index < 25 ? sampleDeactivation(changes) : refused('limit-users', changes);
    });
    const message = told({ actions: many });
    const [numbers, limit, done, ...others] = message?.body.map(readable) ?? [];
    expect(others).toEqual([]);
    expect(numbers).toBe(
      'In numbers:\n• NOT deactivated, refused: 1475 (limit-users)\n• Deactivated, not deleted: 25 (due)',
    );
    expect(limit).toContain('• user-44, access key AKIA…0044');
    expect(limit).toMatch(/… and 1455 more$/);
    expect(done).toMatch(/user-19, access key AKIA…0019\n… and 5 more$/);
    expect(readable(message?.title)).toBe('IAM credentials: 1475 changes REFUSED; 25 deactivated');
    for (const text of message?.body ?? []) expect(readable(text).length).toBeLessThan(2_000);
  });

  it('says beside each name a reason that differs from one to the next', () => {
    const why = (text: string) => ({ because: `IAM refused the change; nothing was changed. (${text})` });
    const body = told({
      actions: [failed('write-failed', why('a')), failed('write-failed', { subject: 'bob', ...why('b') })],
    })?.body.map(readable);
    expect(body?.[0]).toBe(
      [
        'NOT deactivated, it failed: 2.',
        '• alice, access key AKIA…7Q2X: IAM refused the change; nothing was changed. (a)',
        '• bob, access key AKIA…7Q2X: IAM refused the change; nothing was changed. (b)',
      ].join('\n'),
    );
  });

  it('says which account each user is of where there are several', () => {
    const other = sampleSummary({ accountId: '444455556666', actions: [sampleDeactivation({ subject: 'bob' })] });
    const message = runSummaryMessage(sampleSummaryOf(sampleSummary({ actions: [sampleDeactivation()] }), other));
    const [done] = message?.body.map(readable) ?? [];
    expect(done).toContain('• 111122223333: alice, access key');
    expect(done).toContain('• 444455556666: bob, access key');
  });

  it('I34: trusts no name and no reason, and masks ids, whatever was done', () => {
    const statuses = ['applied', 'already-applied', 'skipped', 'refused', 'failed', 'planned'] as const;
    const action = fc.record({
      status: fc.constantFrom(...statuses),
      reason: fc.constantFrom(...Object.keys({ ...actionReasons, ...consoleReasons, ...credentialReasons })),
      base: fc.constantFrom(...acting.actions),
      // A case has one password or one key: two of a user are a swap.
      credentialId: fc.constantFrom('AKIAIOSFODNN7EXA7Q2X', 'AKIAIOSFODNN7EXAB3AB'),
      text: fc.string({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 40 }), fc.boolean(), (found, preview) => {
        const actions = found.map(({ status, reason, base, text, credentialId }, index) => ({
          ...base,
          status,
          reason,
          credentialId: base.rule === 'mfa' ? 'password' : credentialId,
          subject: `\u2603${text}${index}`,
          because: `\u2603${text}`,
        }));
        const message = told({ actions, preview });
        expect(JSON.stringify(message)).not.toMatch(/AKIAIOSFODNN7/);
        const texts = [message?.title, ...(message?.body ?? []), ...(message?.actions ?? []).map(({ text }) => text)];
        expect(texts.map(ownWords).join('\n')).not.toContain('\u2603');
        // What is said to be done is what was applied, no less and no more.
        const done = [
          ...readable(message?.body.map((text) => [readable(text), '\n'])).matchAll(
            /^(?:Deactivated, not deleted|Password DELETED[^:]*|Console denied[^:]*|Put on hold[^:]*|Back on hold|Taken off hold[^:]*|Free again|Half a swap: policy \w+ \w+): (\d+)\./gm,
          ),
        ];
        const count = done.reduce((sum, [, number]) => sum + Number(number), 0);
        expect(count).toBe(actions.filter(({ status }) => status === 'applied').length);
      }),
      { numRuns: Number(process.env.REMEDYKIT_RUNS ?? 100) },
    );
  });
});
