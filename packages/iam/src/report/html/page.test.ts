import { describe, expect, it } from 'vitest';
import { sampleAccount, sampleAction, sampleCase, sampleForecast, sampleRun, sampleStep } from '../sample-run.ts';
import { credentialReportHtml } from './page.ts';

/** What a page says, one line for each row, part and figure. */
const textOf = (page: string): string =>
  (/<body>([\s\S]*)<script>/.exec(page)?.[1] ?? '')
    .replace(/<wbr>/g, '')
    .replace(/<(?:\/tr|\/li|\/p|\/h\d|\/a)>/g, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\s]*/g, '\n');

describe('the page about a run', () => {
  const text = textOf(credentialReportHtml(sampleRun()));

  it('says who, what, since when, until when and why, and what was done about it', () => {
    expect(text).toContain(
      'ana 111122223333 Access key AKIA…1234 Old access key 2026-08-20 96 days old warned 2026-11-30 in 6 days A warning counts. warned',
    );
    expect(text).toContain(
      'cyd 111122223333 Console password No MFA 2026-08-20 96 days old acted on 2026-11-20 4 days ago The deadline has passed. deadline-passed The grace is over. mfa-missing attach-policy applied The grace is over.',
    );
  });

  it('says who is exempt, until when, by what and why', () => {
    expect(text).toContain('bridge 111122223333 2027-03-31 in 127 days path:/mainframe/ old, but "needed"');
  });

  it('says who was left out, what there is of root users, and what the run did beside', () => {
    expect(text).toContain('zoe 111122223333 It could not be read. read-failed');
    expect(text).toContain('111122223333 The root user was used. root-used 2026-11-20 07:00 UTC');
    expect(text).toContain('zoe/read read failed not allowed read-failed');
    expect(text).not.toContain('dan/mfa/password/detach-policy/enrolment');
  });

  it('I19: says first what failed, and never that all is well where not all was looked at', () => {
    expect(text.indexOf('Not all was done')).toBeLessThan(text.indexOf('Who has to do something'));
    expect(text).toContain('The account (444455556666) : not allowed AccessDenied');
    const [failed] = sampleRun().accounts;
    if (failed === undefined) throw new Error('no account');
    const nothing = textOf(credentialReportHtml(sampleRun({ accounts: [failed], steps: [] })));
    expect(nothing).toContain('None in what was looked at.');
    expect(nothing).not.toContain('No credential breaks a rule.');
    const quiet = sampleAccount({ open: [], faults: [], actions: [], steps: [] });
    const clean = textOf(credentialReportHtml(sampleRun({ accounts: [quiet], steps: [] })));
    expect(clean).toContain('No credential breaks a rule.');
    expect(clean).not.toContain('Not all was done');
  });

  it('says that time ran out, and where', () => {
    const page = textOf(credentialReportHtml(sampleRun({ accounts: [sampleAccount({ done: false })], steps: [] })));
    expect(page).toContain('Time ran out before everybody was looked at in 111122223333.');
  });

  it('says what was no more than a dry run', () => {
    expect(text).not.toContain('Dry run');
    const dry = sampleRun({ accounts: [sampleAccount({ preview: true })] });
    expect(textOf(credentialReportHtml(dry))).toContain('Dry run: nobody was mailed, nothing was changed.');
    const half = sampleRun({
      accounts: [sampleAccount(), sampleAccount({ accountId: '444455556666', preview: true })],
    });
    expect(textOf(credentialReportHtml(half))).toContain('Dry run in 1 account');
  });

  it('I26: says what was done, then what was not and why, then what will come', () => {
    const heads = ['What was done', 'What was not done, and why', 'Who is on hold', 'Who has to do something'];
    const places = heads.map((head) => text.indexOf(`\n${head}`));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const [done = 0, not = 0, held = 0] = places;
    expect(text.slice(done, not)).toContain(
      'cyd 111122223333 Console password No MFA deny until MFA is set up done 2026-11-20 4 days ago The grace is over. mfa-missing',
    );
    expect(text.slice(done, not)).toContain('dan 111122223333 Console password No MFA end the deny done –');
    expect(text.slice(not, held)).toContain(
      'eva 111122223333 Access key AKIA…1234 Old access key deactivate refused – As many users as a day allows were acted on. limit-users',
    );
    expect(text.slice(held)).toContain('fay 111122223333 Every session is denied. on-hold');
    expect(text).toContain('1 change was refused');
  });

  it('I26: says that nobody knows, and never that it failed or is done, where an answer was lost', () => {
    const lost = sampleAction({ status: 'failed', reason: 'unknown-effect', because: 'The answer was lost.' });
    const page = textOf(credentialReportHtml(sampleRun({ accounts: [sampleAccount({ actions: [lost], steps: [] })] })));
    expect(page).toContain('Of 1 change nobody knows whether it took effect');
    expect(page).toContain('deny until MFA is set up effect unknown');
    expect(page).toContain('0 changes made, of 0 users');
    expect(page).toContain('Nothing was changed.');
  });

  it('names the run to be undone, which of a change that nobody was told of is an earlier one', () => {
    const actions = [sampleAction(), sampleAction({ subject: 'abe', runId: 'run-0' })];
    const page = textOf(credentialReportHtml(sampleRun({ accounts: [sampleAccount({ actions })] })));
    expect(page).toContain("can be undone with restore('run-1', …)");
    expect(page).toMatch(/abe [^\n]* by the earlier run run-0 , of which nobody was told/);
    expect(page.match(/by the earlier run/g)).toHaveLength(1);
  });

  it('says of a dry run what would be done', () => {
    const actions = [sampleAction({ status: 'planned' })];
    const open = [sampleCase({ action: 'act' })];
    const dry = sampleAccount({ preview: true, actions, open, steps: [] });
    const page = textOf(credentialReportHtml(sampleRun({ accounts: [dry] })));
    expect(page).toContain('\nWhat would be done\n');
    expect(page).toContain('deny until MFA is set up would be done');
    expect(page).toContain('1 change would be made, of 1 user');
    expect(page).not.toMatch(/What was done|Changes that took effect in this run|changes? made/);
  });

  it.each([
    ['on-hold', 'on hold'],
    ['already-denied', 'denied until MFA'],
    ['incident', 'incident'],
    ['boundary', 'left to security'],
    ['active-keys', 'left to security'],
    ['report-only', 'time is up'],
  ])('of a case whose time is up and of which the decision is %s it says: %s', (reason, words) => {
    const due = sampleCase({ action: 'act', acting: { reason, because: 'Because of that.' } });
    const account = sampleAccount({ open: [due], actions: [], steps: [] });
    const page = textOf(credentialReportHtml(sampleRun({ accounts: [account] })));
    expect(page).toContain(`96 days old ${words} 2026-11-30`);
    const isLeft = words !== 'on hold' && words !== 'denied until MFA';
    expect(page.includes(`none nothing done 2026-11-30 in 6 days Because of that. ${reason}`)).toBe(isLeft);
  });

  it('counts as acted on what took effect, and as up what failed', () => {
    const due = sampleCase({ action: 'act' });
    const page = (status: 'applied' | 'failed') =>
      textOf(
        credentialReportHtml(
          sampleRun({
            accounts: [
              sampleAccount({
                open: [due],
                steps: [sampleStep(`ana/${due.caseId}/deactivate`, { action: 'deactivate', status })],
              }),
            ],
          }),
        ),
      );
    expect(page('applied')).toContain('1 acted on');
    expect(page('failed')).toContain('1 time is up');
    expect(page('failed')).toContain('1 step failed');
  });

  it('shows ids of credentials whole when it is told to', () => {
    expect(credentialReportHtml(sampleRun())).not.toContain('AKIAEXAMPLEANA001234');
    expect(credentialReportHtml(sampleRun(), { showIds: true })).toContain('AKIAEXAMPLEANA001234');
  });

  it('holds everybody of an account, and counts what is behind 5,000 rows', () => {
    const open = Array.from({ length: 5_003 }, (_, index) =>
      sampleCase({
        userName: `user-${index}`,
        userId: `AIDA${index}`,
        credentialId: `AKIAEXAMPLE${index + 100_000_000}`,
      }),
    );
    const page = credentialReportHtml(sampleRun({ accounts: [sampleAccount({ open })], steps: [] }));
    expect(page.match(/<tr data-standing/g)).toHaveLength(5_000);
    expect(page).toContain('and 3 more');
    expect(page.length).toBeLessThan(6_000_000);
  });
});

describe('the page about a forecast', () => {
  const text = textOf(credentialReportHtml(sampleForecast()));

  it('says what comes on which day, and that nothing was done', () => {
    expect(text).toContain('What comes for IAM credentials within 14 days');
    expect(text).toContain('A forecast: nobody was mailed, nothing was changed.');
    expect(text).toContain('2026-11-25 mail 5 days before the deadline');
    expect(text).toContain('2026-11-30 time will be up: it is deactivated, mail on the day of the deadline');
    expect(text).toContain('2 days of 15 with something to do');
    expect(text).toContain('zoe AKIA…1234 Unknown. last-use-unknown');
  });

  it('says whose exemption ends within its days', () => {
    expect(text).toContain('1 user is exempt; for 1 of them that ends within 14 days');
  });

  it('I19: says which account failed, and that time ran out', () => {
    const accounts = [
      {
        accountId: '444455556666',
        users: 0,
        cases: [],
        exempt: [],
        skipped: [],
        error: { code: 'AccessDenied', message: 'no' },
      },
    ];
    const page = textOf(credentialReportHtml(sampleForecast({ accounts, done: false })));
    expect(page).toContain('Not all was looked at');
    expect(page).toContain('444455556666 : no AccessDenied');
    expect(page).toContain('Time ran out');
    expect(text).not.toContain('Not all was looked at');
  });
});
