import { GenerateCredentialReportCommand } from '@aws-sdk/client-iam';
import { days, hours, minutes } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  admin,
  createActingWorld,
  dueOf,
  enrolment,
  hold,
  holding,
  owner,
  runUntil,
  titleOf,
  writesOf,
} from '../testing/acting-world.ts';
import { daysBefore, lineOf, type TestWorld } from '../testing/test-enforcer.ts';
import type { CredentialAnswer } from './outcome.ts';
import type { ResolveRequest } from './resolve-request.ts';

const oldKey = 'AKIAEXAMPLEOLD000001';
const otherKey = 'AKIAEXAMPLEOLD000002';
const password = { createdAt: daysBefore(100), lastUsed: daysBefore(2) };

/** Security answers, for 30 days if nothing else is said. */
const resolve = (
  { enforcer, iam, clock }: TestWorld,
  name: string,
  decision: ResolveRequest['decision'],
): Promise<CredentialAnswer> =>
  enforcer.resolve({
    subject: iam.user(name).arn,
    decision,
    reason: 'CHG-1',
    requestedBy: 'a.smith',
    until: new Date(clock.now().getTime() + days(30)),
  });

describe('keys', () => {
  it('I6, I24, I29: the old one of two is deactivated at its deadline, not deleted, and the next run does nothing', async () => {
    const world = createActingWorld();
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

  it('I7: of two that were created in the same second, the one that its owner has deactivated stays as it is, and the other is', async () => {
    const world = createActingWorld();
    const { iam } = world;
    iam.addUser({
      name: 'ana',
      tags: owner('ana'),
      keys: [
        { createdAt: daysBefore(80), id: oldKey, active: false },
        { createdAt: daysBefore(80), id: otherKey },
      ],
    });
    const run = await runUntil(world, 0, 10);
    expect(run.accounts[0]?.actions).toMatchObject([{ credentialId: otherKey, status: 'applied' }]);
    const writes = iam.log.filter(({ operation }) => operation === 'UpdateAccessKey');
    expect(writes.map(({ input }) => [input.AccessKeyId, input.Status])).toEqual([[otherKey, 'Inactive']]);
  });

  it('I8, I9: an inactive key gets no write and no mail, however old', async () => {
    const world = createActingWorld();
    world.iam.addUser({ name: 'ana', tags: owner('ana'), keys: [{ createdAt: daysBefore(500), active: false }] });
    await runUntil(world, 0, 20);
    expect(writesOf(world.iam)).toBe(0);
    expect(world.mailer.mails).toEqual([]);
  });

  it('I10: unused is counted from the newest use, and a key in use is left alone', async () => {
    const world = createActingWorld({
      accessKeys: { warnAtDays: [355], deactivateAtDays: 365, unusedAfterDays: 45 },
    });
    const { iam } = world;
    iam.addUser({
      name: 'idle',
      tags: owner('idle'),
      keys: [{ createdAt: daysBefore(200), lastUsed: daysBefore(30) }],
    });
    iam.addUser({ name: 'busy', tags: owner('busy'), keys: [{ createdAt: daysBefore(200), lastUsed: daysBefore(1) }] });
    const [{ id } = { id: '' }] = iam.user('busy').keys;
    const actions: string[] = [];
    for (let day = 0; day <= 40; day += 1) {
      actions.push(...actionsOf(await runUntil(world, day, day)));
      iam.useKey('busy', id, world.clock.now());
    }
    expect(actions).toEqual(['idle deactivate: applied due']);
    expect(iam.user('busy').keys[0]?.active).toBe(true);
  });

  it('I18: a missing owner does not stop it: security is told twice, and then it is done', async () => {
    const world = createActingWorld();
    world.iam.addUser({ name: 'nobodys', keys: [{ createdAt: daysBefore(80) }] });
    const before = await runUntil(world, 0, 10);
    expect(actionsOf(before)).toEqual([]);
    const run = await runUntil(world, 11, 11);
    expect(actionsOf(run)).toEqual(['nobodys deactivate: applied due']);
    expect(new Set(world.mailer.mails.map(({ to }) => to))).toEqual(new Set(['security@example.com']));
  });

  it.each([
    ['before the next run', [10]],
    ['a week after it', [11, 12, 13, 14, 15, 16, 17]],
  ])(
    'one that its owner makes active again %s is warned about afresh, deactivated once more, and then an incident',
    async (_when, quiet) => {
      const world = createActingWorld();
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

describe('a restore', () => {
  it('holds against the next runs, and after its exemption there is a fresh warning first, and no relapse', async () => {
    const world = createActingWorld();
    const { iam, mailer } = world;
    iam.addUser({ name: 'ana', tags: owner('ana'), keys: [{ createdAt: daysBefore(80) }] });
    const { runId } = await runUntil(world, 0, 10);
    // The 30th day of the world.
    const exemptUntil = new Date('2026-01-31T00:00:00.000Z');
    const restored = await world.enforcer.restore(runId, { reason: 'CHG-1', requestedBy: 'a.smith', exemptUntil });
    expect(restored.steps).toMatchObject([{ status: 'applied', reason: 'restored' }]);
    expect(iam.user('ana').keys[0]?.active).toBe(true);
    const mails = mailer.mails.length;
    const exempt = await runUntil(world, 11, 29);
    expect(exempt.accounts[0]?.exempt).toMatchObject([{ userName: 'ana', reason: 'CHG-1 (a.smith)' }]);
    expect(mailer.mails).toHaveLength(mails);
    expect(iam.user('ana').keys[0]?.active).toBe(true);
    const warned = await runUntil(world, 30, 39);
    expect([...actionsOf(warned), ...dueOf(warned)]).toEqual([]);
    expect(iam.user('ana').keys[0]?.active).toBe(true);
    const run = await runUntil(world, 40, 40);
    expect(actionsOf(run)).toEqual(['ana deactivate: applied due']);
    expect(mailer.mails.slice(mails).map(lineOf)).toEqual(
      ['Reminder', 'Reminder', 'Tomorrow', 'Today'].map((stage) =>
        expect.stringContaining(`ana@example.com: ${stage}`),
      ),
    );
  });
});

describe('console users without MFA', () => {
  it('I13: are denied all but enrolment after the grace, with their keys as they are, and are free when they have enrolled', async () => {
    const world = createActingWorld();
    const { iam } = world;
    iam.addUser({ name: 'bo', tags: owner('bo'), password, keys: [{ createdAt: daysBefore(5) }] });
    const run = await runUntil(world, 0, 14);
    expect(actionsOf(run)).toEqual(['bo attach-policy enrolment: applied mfa-missing']);
    expect(iam.user('bo').attachedPolicies).toEqual([enrolment.arn]);
    expect(iam.user('bo').keys[0]?.active).toBe(true);
    iam.resetCalls();
    expect(actionsOf(await world.enforcer.run())).toEqual([]);
    iam.enableMfa('bo', 'virtual');
    const free = await runUntil(world, 15, 15);
    expect(actionsOf(free)).toEqual(['bo detach-policy enrolment: applied complies']);
    expect(iam.user('bo').attachedPolicies).toEqual([]);
  });

  it('I11, I12, I14: whoever has a password, never used as well, and nobody else: no machine user and no root', async () => {
    const world = createActingWorld();
    const { iam } = world;
    iam.setRoot({ mfa: false });
    iam.addUser({ name: 'never-in', tags: owner('never-in'), password: { createdAt: daysBefore(100) } });
    iam.addUser({ name: 'machine', tags: owner('machine'), keys: [{ createdAt: daysBefore(1) }] });
    iam.addUser({ name: 'passkey', tags: owner('passkey'), password: { ...password, mfa: 'fido' } });
    const run = await runUntil(world, 0, 14);
    expect(actionsOf(run)).toEqual(['never-in attach-policy enrolment: applied mfa-missing-alert']);
    expect(iam.log.filter(({ operation }) => operation === 'AttachUserPolicy')).toHaveLength(1);
    expect(run.accounts[0]?.root.length).toBeGreaterThan(0);
  });

  it('who takes the device away again is denied at once: a relapse earns no new grace', async () => {
    const world = createActingWorld();
    const { iam } = world;
    iam.addUser({ name: 'bo', tags: owner('bo'), password });
    await runUntil(world, 0, 14);
    iam.enableMfa('bo');
    await runUntil(world, 15, 16);
    expect(iam.user('bo').attachedPolicies).toEqual([]);
    iam.disableMfa('bo');
    const run = await runUntil(world, 17, 17);
    expect(actionsOf(run)).toEqual(['bo attach-policy enrolment: applied mfa-missing']);
  });

  it('who enrolled after the report was made, and takes the device away weeks later, is found', async () => {
    const world = createActingWorld();
    const { iam, clock } = world;
    iam.addUser({ name: 'bo', tags: owner('bo'), password });
    await runUntil(world, 0, 6);
    // Somebody else has a report made, which IAM gives us for four hours.
    clock.set(new Date(clock.now().getTime() + hours(23)));
    await iam.send(new GenerateCredentialReportCommand({}));
    clock.advance(minutes(30));
    iam.enableMfa('bo');
    // The day of a reminder: what the report says is looked at live.
    const mails = world.mailer.mails.length;
    await runUntil(world, 7, 19);
    expect(world.mailer.mails).toHaveLength(mails);
    iam.disableMfa('bo');
    const run = await runUntil(world, 20, 20);
    expect(actionsOf(run)).toEqual(['bo attach-policy enrolment: applied mfa-missing']);
  });

  it('I29: the password is deleted only by the option that says so, and is not given back by a restore', async () => {
    const kept = createActingWorld();
    const world = createActingWorld({ mfa: { action: 'delete-login-profile', graceDays: 14 } });
    for (const { iam } of [kept, world]) iam.addUser({ name: 'bo', tags: owner('bo'), password });
    await runUntil(kept, 0, 20);
    expect(kept.iam.user('bo').password).toBeDefined();
    const before = await runUntil(world, 0, 13);
    expect(actionsOf(before)).toEqual([]);
    const run = await runUntil(world, 14, 14);
    expect(actionsOf(run)).toEqual(['bo delete-login-profile: applied password-deleted']);
    expect(world.iam.user('bo').password).toBeUndefined();
    const exemptUntil = new Date(world.clock.now().getTime() + days(30));
    const restored = await world.enforcer.restore(run.runId, { reason: 'CHG-1', requestedBy: 'a.smith', exemptUntil });
    expect(restored.steps).toMatchObject([{ status: 'skipped', reason: 'not-restorable' }]);
    expect(world.iam.user('bo').password).toBeUndefined();
  });
});

describe('a hold', () => {
  const held = async (): Promise<TestWorld> => {
    const world = createActingWorld(holding);
    world.iam.addUser({ name: 'lee', tags: owner('lee'), password, attachedPolicies: [admin] });
    const run = await runUntil(world, 0, 14);
    expect(actionsOf(run)).toEqual(['lee attach-policy hold: applied hold-privileged']);
    expect(run.accounts[0]?.onHold).toMatchObject([{ subject: 'lee', announce: true }]);
    return world;
  };

  it('is told once, and stands until a person answers: a device alone does not end it', async () => {
    const world = await held();
    const { iam } = world;
    iam.enableMfa('lee');
    const later = await runUntil(world, 15, 15);
    expect(later.accounts[0]?.onHold).toMatchObject([{ subject: 'lee', announce: false }]);
    expect(dueOf(later)).toEqual([]);
    expect(iam.user('lee').attachedPolicies).toEqual([admin, hold.arn]);
    const answer = await resolve(world, 'lee', 'confirm');
    expect(actionsOf(answer)).toEqual(['lee detach-policy hold: applied complies']);
    expect(iam.user('lee').attachedPolicies).toEqual([admin]);
  });

  it('is swapped for enrolment by a confirmation, and who enrols is free', async () => {
    const world = await held();
    const { iam } = world;
    const answer = await resolve(world, 'lee', 'confirm');
    expect(actionsOf(answer)).toEqual([
      'lee attach-policy enrolment: applied confirmed',
      'lee detach-policy hold: applied confirmed',
    ]);
    expect(iam.user('lee').attachedPolicies).toEqual([admin, enrolment.arn]);
    iam.enableMfa('lee');
    const free = await runUntil(world, 15, 15);
    expect(actionsOf(free)).toEqual(['lee detach-policy enrolment: applied complies']);
    expect(iam.user('lee').attachedPolicies).toEqual([admin]);
  });

  it('returns when 48 hours pass without a device, and not before', async () => {
    const world = await held();
    await resolve(world, 'lee', 'confirm');
    world.clock.advance(hours(48) - minutes(1));
    expect(actionsOf(await world.enforcer.run())).toEqual([]);
    world.clock.advance(minutes(1));
    const back = await world.enforcer.run();
    expect(actionsOf(back)).toEqual([
      'lee attach-policy hold: applied confirm-lapsed',
      'lee detach-policy enrolment: applied confirm-lapsed',
    ]);
    expect(titleOf(back)).toContain('1 user on hold');
    expect(world.iam.user('lee').attachedPolicies).toEqual([admin, hold.arn]);
  });

  it('ends for whoever is exempted, and comes back after it with a warning and its days alone', async () => {
    const world = await held();
    const answer = await resolve(world, 'lee', 'exempt');
    expect(actionsOf(answer)).toEqual(['lee detach-policy hold: applied exempt']);
    const later = await runUntil(world, 15, 54);
    expect(actionsOf(later)).toEqual([]);
    expect(world.iam.user('lee').attachedPolicies).toEqual([admin]);
    const run = await runUntil(world, 55, 55);
    expect(actionsOf(run)).toEqual(['lee attach-policy hold: applied hold-privileged']);
  });
});

describe('what is left to people', () => {
  it('users with active keys are announced with every run, and denied when a person answers to act', async () => {
    const world = createActingWorld(holding);
    const { iam } = world;
    iam.addUser({ name: 'kim', tags: owner('kim'), password, keys: [{ createdAt: daysBefore(1) }] });
    for (const day of [14, 15, 16]) {
      const run = await runUntil(world, day === 14 ? 0 : day, day);
      expect(dueOf(run)).toEqual(['kim active-keys']);
      expect(titleOf(run)).toContain('1 left to security');
    }
    expect(writesOf(iam)).toBe(0);
    const answer = await resolve(world, 'kim', 'act');
    expect(actionsOf(answer)).toEqual(['kim attach-policy enrolment: applied acted']);
    expect(iam.user('kim').attachedPolicies).toEqual([enrolment.arn]);
    expect(iam.user('kim').keys[0]?.active).toBe(true);
  });

  it.each([
    ['boundary', 'acts'],
    ['password-expired', 'acts'],
    ['no-attachment-left', 'cannot'],
  ])('%s: nobody is locked out for good, it is told every run, and an answer to act %s', async (reason, then) => {
    const world = createActingWorld();
    const { iam } = world;
    iam.addUser({ name: 'kim', tags: owner('kim'), password });
    if (reason === 'boundary') {
      const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
      iam.setBoundary('kim', iam.addPolicy({ name: 'only-s3', document }));
    }
    if (reason === 'password-expired') iam.setPasswordPolicy({ maxAgeDays: 90, hardExpiry: true });
    if (reason === 'no-attachment-left')
      for (let index = 0; index < 10; index += 1) {
        const Statement = [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }];
        iam.attach('kim', iam.addPolicy({ name: `p-${index}`, document: { Version: '2012-10-17', Statement } }));
      }
    iam.resetCalls();
    for (const day of [14, 15]) {
      const run = await runUntil(world, day === 14 ? 0 : day, day);
      expect(dueOf(run)).toEqual([`kim ${reason}`]);
      expect(titleOf(run)).toContain('1 left to security');
    }
    expect(writesOf(iam)).toBe(0);
    const answer = await resolve(world, 'kim', 'act');
    if (then === 'acts') expect(actionsOf(answer)).toEqual(['kim attach-policy enrolment: applied acted']);
    else expect([actionsOf(answer), dueOf(answer)]).toEqual([[], [`kim ${reason}`]]);
    expect(iam.user('kim').attachedPolicies.includes(enrolment.arn)).toBe(then === 'acts');
  });
});
