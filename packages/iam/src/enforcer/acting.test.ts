import { days, hours, minutes, pause } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { runSummaryMessage } from '../messages/run-summary-message.ts';
import { mfaPolicies } from '../mfa/mfa-policies.ts';
import type { FakeIam } from '../testing/fake-iam/index.ts';
import { createTestWorld, daysBefore, lineOf, type TestWorld } from '../testing/test-enforcer.ts';
import type { CredentialEnforcerOptions } from './options.ts';
import type { CredentialRun } from './outcome.ts';

const account = '111122223333';
const oldKey = 'AKIAEXAMPLEOLD000001';
const { enrolment, hold } = mfaPolicies({ accountId: account });
const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
const owner = (name: string) => ({ owner: `${name}@example.com` });

const holding: Partial<CredentialEnforcerOptions> = {
  mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report', enrolAfterDeny: 'hold' },
};

/** A world in which the deployment has created the two policies. */
const createWorld = (options: Partial<CredentialEnforcerOptions> = {}): TestWorld => {
  const world = createTestWorld(options);
  for (const { name, path, document } of [enrolment, hold]) world.iam.addPolicy({ name, path, document });
  return world;
};

const deliver = async ({ enforcer, mailer }: TestWorld): Promise<void> => {
  for (const mail of mailer.mails) await enforcer.recordMailEvent(mailer.eventOf(mail, 'Delivered'));
};

/** Runs once a day, up to and on that day; every mail arrives. */
const runUntil = async (world: TestWorld, from: number, to: number): Promise<CredentialRun> => {
  let run: CredentialRun | undefined;
  for (let day = from; day <= to; day += 1) {
    world.goToDay(day);
    run = await world.enforcer.run();
    await deliver(world);
  }
  if (run === undefined) throw new Error('no day');
  return run;
};

const actionsOf = ({ accounts }: CredentialRun): string[] =>
  accounts.flatMap(({ actions }) =>
    actions.map(
      ({ subject, action, policy = '', status, reason }) =>
        `${subject} ${action}${policy && ` ${policy}`}: ${status} ${reason}`,
    ),
  );
/** What people read first of a run; `''` where they read nothing. */
const titleOf = (run: CredentialRun): string => {
  const message = runSummaryMessage(run);
  return message === undefined ? '' : lineOf({ to: '', message });
};

/** How often IAM was asked to change something. */
const writesOf = ({ calls }: FakeIam): number =>
  Object.entries(calls().byAction).reduce(
    (sum, [action, count]) => sum + (/^iam:(Get|List|Generate)/.test(action) ? 0 : count),
    0,
  );

const dueOf = ({ accounts }: CredentialRun): string[] =>
  accounts.flatMap(({ due }) => due.map(({ subject, reason }) => `${subject} ${reason}`));

describe('keys', () => {
  it('I6, I24, I29: the old one of two is deactivated at its deadline, not deleted, and the next run does nothing', async () => {
    const world = createWorld();
    const { iam } = world;
    iam.addUser({
      name: 'ana',
      tags: owner('ana'),
      keys: [{ createdAt: daysBefore(80) }, { createdAt: daysBefore(10) }],
    });
    const before = await runUntil(world, 0, 9);
    expect(actionsOf(before)).toEqual([]);
    const run = await runUntil(world, 10, 10);
    expect(actionsOf(run)).toEqual(['ana deactivate: applied due']);
    expect(dueOf(run)).toEqual([]);
    expect(iam.user('ana').keys.map(({ active }) => active)).toEqual([false, true]);
    iam.resetCalls();
    const again = await world.enforcer.run();
    expect(actionsOf(again)).toEqual([]);
    expect(iam.calls().byUser.ana ?? 0).toBe(0);
  });

  it.each([
    ['before the next run', [10]],
    ['a week after it', [11, 12, 13, 14, 15, 16, 17]],
  ])(
    'a key that its owner makes active again %s is warned about afresh, deactivated once more, and then an incident',
    async (_when, quiet) => {
      const world = createWorld();
      const { iam, mailer } = world;
      iam.addUser({ name: 'dan', tags: owner('dan'), keys: [{ createdAt: daysBefore(80), id: oldKey }] });
      const isActive = () => iam.user('dan').keys[0]?.active;
      await runUntil(world, 0, 10);
      expect(isActive()).toBe(false);
      const last = quiet.at(-1) ?? 10;
      if (last > 10) await runUntil(world, 11, last);
      iam.setKeyActive('dan', oldKey, true);
      const mailsBefore = mailer.mails.length;

      const seen = await runUntil(world, last + 1, last + 1);
      expect(dueOf(seen)).toEqual(['dan relapse-waits']);
      expect(titleOf(seen)).toContain('1 made active again');
      expect(mailer.mails.slice(mailsBefore).map(lineOf)).toEqual([expect.stringMatching(/^dan@.*once more/)]);
      const waiting = await runUntil(world, last + 2, last + 10);
      expect(actionsOf(waiting)).toEqual([]);
      expect(titleOf(waiting)).not.toContain('made active again');
      expect(isActive()).toBe(true);
      const again = await runUntil(world, last + 11, last + 11);
      expect(actionsOf(again)).toEqual(['dan deactivate: applied relapse']);
      expect(isActive()).toBe(false);

      iam.setKeyActive('dan', oldKey, true);
      const incident = await runUntil(world, last + 12, last + 12);
      expect(dueOf(incident)).toEqual(['dan incident']);
      expect(titleOf(incident)).toContain('1 INCIDENT');
      const writes = writesOf(iam);
      const later = await runUntil(world, last + 13, last + 60);
      expect(dueOf(later)).toEqual(['dan incident']);
      expect(writesOf(iam)).toBe(writes);
      expect(isActive()).toBe(true);
    },
  );
});

describe('console users without MFA', () => {
  it('are denied all but enrolment after the grace, and free when they have enrolled', async () => {
    const world = createWorld();
    const { iam } = world;
    iam.addUser({ name: 'bo', tags: owner('bo'), password: { createdAt: daysBefore(100), lastUsed: daysBefore(2) } });
    const run = await runUntil(world, 0, 14);
    expect(actionsOf(run)).toEqual(['bo attach-policy enrolment: applied mfa-missing']);
    expect(iam.user('bo').attachedPolicies).toEqual([enrolment.arn]);
    iam.resetCalls();
    expect(actionsOf(await world.enforcer.run())).toEqual([]);
    iam.enableMfa('bo', 'virtual');
    const free = await runUntil(world, 15, 15);
    expect(actionsOf(free)).toEqual(['bo detach-policy enrolment: applied complies']);
    expect(iam.user('bo').attachedPolicies).toEqual([]);
  });

  it('privileged users are put on hold', async () => {
    const world = createWorld(holding);
    world.iam.addUser({
      name: 'root-like',
      tags: owner('root-like'),
      password: { createdAt: daysBefore(100), lastUsed: daysBefore(2) },
      attachedPolicies: [admin],
    });
    const run = await runUntil(world, 0, 14);
    expect(actionsOf(run)).toEqual(['root-like attach-policy hold: applied hold-privileged']);
    expect(run.accounts[0]?.onHold.map(({ subject }) => subject)).toEqual(['root-like']);
    world.goToDay(15);
    const later = await world.enforcer.run();
    expect(later.accounts[0]?.onHold).toMatchObject([{ subject: 'root-like', announce: false }]);
    expect(dueOf(later)).toEqual([]);
  });
});

void [days, hours, minutes, pause];
