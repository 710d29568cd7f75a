import type { CredentialEnforcerOptions } from '../enforcer/options.ts';
import type { CredentialRun } from '../enforcer/outcome.ts';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import { type MfaPolicies, type MfaPolicy, mfaPolicies } from '../mfa/mfa-policies.ts';
import type { FakeIam } from './fake-iam/index.ts';
import { createTestWorld, lineOf, type TestWorld } from './test-enforcer.ts';

/** The two policies of the account of a test world. */
const policies: MfaPolicies = mfaPolicies({ accountId: '111122223333' });
export const enrolment: MfaPolicy = policies.enrolment;
export const hold: MfaPolicy = policies.hold;

/** AWS's policy of administrators. */
export const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** A tag by which the owner of a user is found. */
export const owner = (name: string): Readonly<Record<string, string>> => ({ owner: `${name}@example.com` });

/** Privileged users are put on hold, and those with active keys are left to people. */
export const holding: Partial<CredentialEnforcerOptions> = {
  mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report', enrolAfterDeny: 'hold' },
};

/** Creates the two policies in an account, as the deployment does. */
export const deployPolicies = (iam: FakeIam): void => {
  const policies = mfaPolicies({ accountId: iam.accountId });
  for (const { name, path, document } of [policies.enrolment, policies.hold]) iam.addPolicy({ name, path, document });
};

/** A world in which the deployment has created the two policies. */
export const createActingWorld = (options: Partial<CredentialEnforcerOptions> = {}): TestWorld => {
  const world = createTestWorld(options);
  deployPolicies(world.iam);
  return world;
};

/** Every mail arrives. */
export const deliver = async ({ enforcer, mailer }: TestWorld): Promise<void> => {
  for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
};

/** Runs once a day, up to and on that day; every mail arrives. */
export const runUntil = async (world: TestWorld, from: number, to: number): Promise<CredentialRun> => {
  let run: CredentialRun | undefined;
  for (let day = from; day <= to; day += 1) {
    world.goToDay(day);
    run = await world.enforcer.run();
    await deliver(world);
  }
  if (run === undefined) throw new Error('no day');
  return run;
};

/** Every action in a line: `ana deactivate: applied due`. */
export const actionsOf = ({ accounts }: Pick<CredentialRun, 'accounts'>): string[] =>
  accounts.flatMap(({ actions }) =>
    actions.map(
      ({ subject, action, policy = '', status, reason }) =>
        `${subject} ${action}${policy && ` ${policy}`}: ${status} ${reason}`,
    ),
  );

/** Whose time is up without anything being done, and why. */
export const dueOf = ({ accounts }: Pick<CredentialRun, 'accounts'>): string[] =>
  accounts.flatMap(({ due }) => due.map(({ subject, reason }) => `${subject} ${reason}`));

/** Who was left out, and why. */
export const skippedOf = ({ accounts }: Pick<CredentialRun, 'accounts'>): string[] =>
  accounts.flatMap(({ skipped }) => skipped.map(({ subject = '', reason }) => `${subject} ${reason}`));

/** What people read first of a run; `''` where they read nothing. */
export const titleOf = (run: CredentialRun): string => {
  const message = runSummaryMessage(run);
  return message === undefined ? '' : lineOf({ to: '', message });
};

/** How often IAM was asked to change something; making a credential report changes nothing. */
export const writesOf = ({ calls }: FakeIam): number =>
  Object.entries(calls().byAction).reduce(
    (sum, [action, count]) => sum + (/^iam:(Get|List|Generate)/.test(action) ? 0 : count),
    0,
  );
