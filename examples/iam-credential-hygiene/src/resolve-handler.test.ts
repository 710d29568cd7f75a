import { days } from '@remedykit/core';
import { expect, it } from 'vitest';
import { createHandler } from './resolve-handler.ts';
import { actingSettings, createPlay, enrolment, hold } from './testing/play-days.ts';
import { context, daysBefore, testStart } from './testing/test-parts.ts';

const subject = 'arn:aws:iam::111122223333:user/staff/dana';
const request = {
  subject,
  decision: 'confirm',
  reason: 'called back, INC-13',
  requestedBy: 'a.smith',
  until: new Date(testStart.getTime() + days(17)).toISOString(),
};

/** An administrator whose grace is over. */
const held = async () => {
  const play = createPlay();
  play.iam.addUser({
    name: 'dana',
    path: '/staff/',
    password: { createdAt: daysBefore(100) },
    attachedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    tags: { email: 'dana@example.com' },
  });
  const attached = (): readonly string[] => play.iam.user('dana').attachedPolicies.slice(1);
  await play.play(15);
  expect(attached()).toEqual([hold.arn]);
  const told = play.messages.length;
  return {
    ...play,
    attached,
    resolve: createHandler(actingSettings, play.parts),
    toldSince: () => play.messages.slice(told),
  };
};

it('a confirmation opens enrolment for two days, and who has a device by then is free', async () => {
  const { resolve, attached, iam, play, toldSince } = await held();
  const { answer } = await resolve(request, context);
  expect(answer).toMatchObject({ userName: 'dana', decision: 'confirm', requestedBy: 'a.smith' });
  expect(attached()).toEqual([enrolment.arn]);
  expect(toldSince()).toHaveLength(1);
  expect(JSON.stringify(toldSince())).toContain('called back, INC-13');
  iam.enableMfa('dana');
  // The credential report knows it the day after.
  await play(2);
  expect(attached()).toEqual([]);
});

it('without a device the hold returns', async () => {
  const { resolve, attached, play } = await held();
  await resolve(request, context);
  await play(2);
  expect(attached()).toEqual([enrolment.arn]);
  await play(1);
  expect(attached()).toEqual([hold.arn]);
});

it('an exemption frees the user, and act leaves the hold', async () => {
  const { resolve, attached } = await held();
  await resolve({ ...request, decision: 'act' }, context);
  expect(attached()).toEqual([hold.arn]);
  await resolve({ ...request, decision: 'exempt' }, context);
  expect(attached()).toEqual([]);
});

it.each([
  [{ subject: 'dana' }, 'RESOLVE_INVALID'],
  [{ subject: 'arn:aws:iam::111122223333:user/dana' }, 'USER_UNKNOWN'],
  [{ subject: 'arn:aws:iam::444455556666:user/staff/dana' }, 'RESOLVE_INVALID'],
  [{ decision: 'free' }, 'REQUEST_INVALID'],
  [{ until: '2026-01-01' }, 'RESOLVE_INVALID'],
  [{ user: 'dana' }, 'REQUEST_INVALID'],
])('refuses %j and changes nothing', async (changes, code) => {
  const { resolve, attached, toldSince } = await held();
  await expect(resolve({ ...request, ...changes }, context)).rejects.toMatchObject({ code });
  expect([attached(), toldSince()]).toEqual([[hold.arn], []]);
});
