import { days } from '@remedykit/core';
import { expect, it } from 'vitest';
import { createHandler as createMailEventHandler } from './mail-event-handler.ts';
import { createHandler } from './scheduled-handler.ts';
import { actingSettings, createPlay, enrolment } from './testing/play-days.ts';
import { context, createTestParts, daysBefore, testSettings } from './testing/test-parts.ts';

const tags = { email: 'alice@example.com' };

it('warns the owner of an old key and tells the team; the same day once more, nothing', async () => {
  const { parts, iam, mailer, messages } = createTestParts();
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(84) }], tags });
  const handler = createHandler(testSettings, parts);
  await handler({}, context);
  expect(mailer.mails.map(({ to }) => to)).toEqual(['alice@example.com']);
  expect(messages).toHaveLength(1);
  expect(JSON.stringify(messages[0]?.title)).toContain('1 warning sent');
  await handler({}, context);
  expect(mailer.mails).toHaveLength(1);
  expect(messages).toHaveLength(1);
});

it('a dry run tells whom it would mail, and mails nobody', async () => {
  const { parts, iam, mailer, messages } = createTestParts();
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(84) }], tags });
  await createHandler({ ...testSettings, mode: 'dry-run' }, parts)({}, context);
  expect(mailer.mails).toEqual([]);
  expect(JSON.stringify(messages[0]?.title)).toContain('1 warning would be sent');
  expect(messages[0]?.preview).toBe(true);
});

it('I25: throws when a mail could not be sent, after the team was told, and sends it at the next call', async () => {
  const { parts, iam, mailer, messages } = createTestParts();
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(84) }], tags });
  mailer.failNext({ status: 'deferred' });
  const handler = createHandler(testSettings, parts);
  await expect(handler({}, context)).rejects.toMatchObject({ code: 'INCOMPLETE', retryable: true });
  expect(mailer.mails).toEqual([]);
  expect(JSON.stringify(messages[0]?.title)).toContain('1 warning NOT sent');
  await handler({}, context);
  expect(mailer.mails).toHaveLength(1);
});

it('throws when IAM does not answer, and when the channel refuses for good', async () => {
  const broken = createTestParts();
  broken.iam.failNext('GetAccountSummary', { code: 'AccessDenied', times: Number.POSITIVE_INFINITY });
  await expect(createHandler(testSettings, broken.parts)({}, context)).rejects.toThrow('AccessDenied');
  expect(broken.messages).toHaveLength(1);

  const { parts, iam, deliver } = createTestParts();
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(84) }], tags });
  deliver({ status: 'rejected', channel: 'test', reason: 'HTTP 404: no_service' });
  await expect(createHandler(testSettings, parts)({}, context)).rejects.toMatchObject({ code: 'INCOMPLETE' });
});

it('a bounce that the mail event function hears of makes the warning not count', async () => {
  const { parts, iam, mailer, clock } = createTestParts();
  iam.addUser({ name: 'alice', keys: [{ createdAt: daysBefore(84) }], tags });
  const runs: string[] = [];
  const onRun: NonNullable<typeof parts.onRun> = ({ accounts }) => {
    runs.push(...accounts.flatMap(({ open }) => open.map(({ state }) => state)));
  };
  const handler = createHandler(testSettings, { ...parts, onRun });
  await handler({}, context);
  const [mail] = mailer.mails;
  if (mail === undefined) throw new Error('no mail');
  const onMailEvent = createMailEventHandler(testSettings, parts);
  expect(await onMailEvent(mailer.eventOf(mail, 'Bounced'))).toMatchObject({ status: 'recorded' });
  clock.advance(days(1));
  await handler({}, context);
  // Nobody else can be told on the owner's behalf but security.
  expect(mailer.mails.slice(1).map(({ to }) => to)).toEqual(['security@example.com']);
  expect(runs.at(-1)).not.toBe('warned');
});

it('acts when time is up, never on break-glass users, and on no more than the day allows', async () => {
  const arn = (name: string): string => `arn:aws:iam::111122223333:user/${name}`;
  const play = createPlay({
    ...actingSettings,
    limits: { maxUsersPerDay: 1, maxPercentPerDay: 100 },
    breakGlass: [arn('break-glass')],
    ownPrincipals: [arn('deployer')],
  });
  const { iam, messages } = play;
  const keys = [{ createdAt: daysBefore(80) }];
  for (const name of ['alice', 'bob', 'break-glass', 'deployer']) iam.addUser({ name, keys, tags });
  const active = (): string[] => iam.users.flatMap(({ name, keys: [key] }) => (key?.active ? [name] : []));
  await play.play(10);
  expect(active()).toEqual(['alice', 'bob', 'break-glass', 'deployer']);
  await play.play(1);
  expect(active()).toHaveLength(3);
  expect(JSON.stringify(messages.at(-1))).toContain('1 deactivated');
  await play.play(3);
  expect(active()).toEqual(['break-glass', 'deployer']);
});

it('denies console users without MFA until they enrol, and nobody when the two policies were tampered with', async () => {
  const play = createPlay();
  const { iam } = play;
  const password = { createdAt: daysBefore(300), lastUsed: daysBefore(1) };
  iam.addUser({ name: 'alice', password, tags });
  await play.play(14);
  iam.addPolicyVersion(enrolment.arn, { Version: '2012-10-17', Statement: [] });
  await play.play(1);
  expect(iam.user('alice').attachedPolicies).toEqual([]);
  expect(JSON.stringify(play.messages.at(-1))).toContain('is not what this library expects; nobody is attached');
  iam.addPolicyVersion(enrolment.arn, enrolment.document);
  await play.play(1);
  expect(iam.user('alice').attachedPolicies).toEqual([enrolment.arn]);
  iam.enableMfa('alice');
  await play.play(1);
  expect(iam.user('alice').attachedPolicies).toEqual([]);
});
