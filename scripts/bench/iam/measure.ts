import { createMemoryStore, days, hours } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { type CredentialRun, createCredentialEnforcer, mfaPolicies } from '@remedykit/iam';
import { benchPopulation, createFakeIam, createFakeMailer, type FakeMail } from '@remedykit/iam/testing';

/** What a run over an account costs, and what the next one adds. */
export interface IamFigures {
  readonly users: number;
  /** Users on whom an action was executed in the measured run. */
  readonly offenders: number;
  /** Mails of the measured run. */
  readonly warned: number;
  /** Requests that wait for the credential report. */
  readonly reportPolls: number;
  /** IAM requests that name no user, polls apart. */
  readonly detectionCalls: number;
  readonly totalCalls: number;
  /** IAM requests that name an offender, plus the checks of the two MFA policies, for each offender. */
  readonly callsPerOffender: number;
  /** Writes to IAM of a second run on the same day. */
  readonly secondRunWrites: number;
  /** Mails of a second run on the same day. */
  readonly secondRunMails: number;
  /** Of the whole process, the fake account included. */
  readonly peakRssMb: number;
}

/** How much to measure. */
export interface IamBenchOptions {
  /** A multiple of 10; 5,000 is what an account can hold. */
  readonly users?: number;
}

const sum = (counts: Readonly<Record<string, number>>, keys: Iterable<string> = Object.keys(counts)): number =>
  [...keys].reduce((total, key) => total + (counts[key] ?? 0), 0);

const isWrite = (action: string): boolean => !/^iam:(Get|List|Generate)/.test(action);

const expectDone = ({ done, steps, accounts }: CredentialRun, what: string): void => {
  const failed = steps.find(({ status }) => status === 'failed');
  const error = accounts.find((account) => account.error)?.error;
  if (!done || failed !== undefined || error !== undefined)
    throw new Error(`${what} did not come to its end: ${JSON.stringify(failed ?? error ?? 'out of time')}`);
};

/** Runs the enforcer on a fake account as full as accounts get, fourteen days apart, and counts. */
export const measureIam = async (
  progress: (line: string) => void,
  { users = 5_000 }: IamBenchOptions = {},
): Promise<IamFigures> => {
  const measuredAt = new Date('2026-11-24T10:00:00.000Z');
  const clock = createTestClock(new Date(measuredAt.getTime() - days(14)));
  const iam = createFakeIam({ now: clock.now });
  const mailer = createFakeMailer({ now: clock.now });
  const population = benchPopulation(iam, { users, measuredAt });
  const { enrolment, hold } = mfaPolicies({ accountId: iam.accountId });
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  const enforcer = createCredentialEnforcer({
    mode: 'enforce',
    accounts: [iam.accountId],
    iam,
    store: createMemoryStore(),
    mailer,
    allowedRecipientDomains: ['example.com'],
    fallbackRecipient: 'security@example.com',
    rolloutDate: new Date(measuredAt.getTime() - days(60)),
    limits: { maxUsersPerDay: users, maxPercentPerDay: 100 },
    breakGlass: [],
    ownPrincipals: [],
    mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report' },
    accessKeys: { warnAtDays: [80, 85, 89], deactivateAtDays: 90 },
    minimumWarningDays: 10,
    undeliverable: 'report',
    audit: () => {},
    now: clock.now,
    sleep: async (ms) => clock.advance(ms),
  });
  const deliver = async (mails: readonly FakeMail[]): Promise<void> => {
    for (const mail of mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
  };

  expectDone(await enforcer.run(), 'the run that warns');
  progress(`14 days before: ${mailer.mails.length} of ${population.users} users were warned`);
  await deliver(mailer.mails);

  clock.set(measuredAt);
  iam.resetCalls();
  const before = mailer.mails.length;
  const measured = await enforcer.run();
  expectDone(measured, 'the measured run');
  const { calls, actions = [] } = measured.accounts[0] ?? {};
  if (calls === undefined) throw new Error('the measured run looked at no account');
  const offenders = new Set(actions.flatMap(({ subject, status }) => (status === 'applied' ? [subject] : [])));
  const expected = population.oldKeys + population.withoutMfa;
  if (offenders.size !== expected) throw new Error(`${offenders.size} users were acted on, not ${expected}`);
  const counted = iam.calls();
  const policyChecks = sum(counted.byAction, ['iam:GetPolicy', 'iam:GetPolicyVersion']);
  const unnamed = sum(counted.withoutUser) - policyChecks;
  if (unnamed !== calls.detection + calls.polls)
    throw new Error(`the account counted ${unnamed} requests that name no user, the run ${JSON.stringify(calls)}`);
  const naming = [...offenders].reduce((total, name) => total + sum(counted.byUser[name] ?? {}), 0);
  const warned = mailer.mails.length - before;
  await deliver(mailer.mails.slice(before));
  progress(`measured run: ${counted.total} requests, ${JSON.stringify(counted.byAction)}`);

  iam.resetCalls();
  clock.advance(hours(1));
  const second = await enforcer.run();
  expectDone(second, 'the second run');
  const { byAction } = iam.calls();
  progress(`second run: ${iam.calls().total} requests, ${JSON.stringify(iam.calls().byAction)}`);
  return {
    users: population.users,
    offenders: offenders.size,
    warned,
    reportPolls: calls.polls,
    detectionCalls: calls.detection,
    totalCalls: counted.total,
    callsPerOffender: Math.round(((naming + policyChecks) / offenders.size) * 100) / 100,
    secondRunWrites: sum(byAction, Object.keys(byAction).filter(isWrite)),
    secondRunMails: mailer.mails.length - before - warned,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
};
