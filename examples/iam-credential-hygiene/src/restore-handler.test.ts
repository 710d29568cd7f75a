import { describe, expect, it } from 'vitest';
import { createHandler } from './restore-handler.ts';
import { actingSettings, createPlay } from './testing/play-days.ts';
import { context, daysBefore } from './testing/test-parts.ts';

const request = {
  reason: 'payroll stopped, INC-12',
  requestedBy: 'a.smith',
  exemptUntil: '2027-01-31',
};

/** A key that was deactivated, and the run that did it. */
const deactivated = async (settings = actingSettings) => {
  const play = createPlay();
  play.iam.addUser({ name: 'payroll', keys: [{ createdAt: daysBefore(80) }], tags: { email: 'payroll@example.com' } });
  const isActive = (): boolean | undefined => play.iam.user('payroll').keys[0]?.active;
  await play.play(11);
  expect(isActive()).toBe(false);
  const runId = play.runs.at(-1)?.runId ?? '';
  const told = play.messages.length;
  expect(JSON.stringify(play.messages.at(-1))).toContain(runId);
  const restore = createHandler(settings, play.parts);
  return { ...play, isActive, runId, restore, toldSince: () => play.messages.slice(told) };
};

describe('the restore function', () => {
  it('undoes what a run did, tells the team, and the next runs leave it alone', async () => {
    const { restore, runId, isActive, toldSince, play } = await deactivated();
    const answer = await restore({ runId, ...request, only: ['payroll'] }, context);
    expect(isActive()).toBe(true);
    expect(answer).toMatchObject({ runId, done: true, requestedBy: 'a.smith' });
    expect(toldSince()).toHaveLength(1);
    expect(JSON.stringify(toldSince())).toContain('INC-12');
    await play(3);
    expect(isActive()).toBe(true);
  });

  it('tells and throws when IAM does not let it, and goes on with the same call', async () => {
    const { restore, runId, isActive, iam, toldSince } = await deactivated();
    iam.failNext('UpdateAccessKey', { code: 'Throttling', times: 10 });
    await expect(restore({ runId, ...request }, context)).rejects.toMatchObject({
      code: 'INCOMPLETE',
      retryable: true,
    });
    expect(isActive()).toBe(false);
    expect(toldSince()).toHaveLength(1);
    iam.failNext('UpdateAccessKey', { code: 'Throttling', times: 0 });
    for (let left = 10; left > 0 && !isActive(); left -= 1)
      await restore({ runId, ...request }, context).catch(() => {});
    expect(isActive()).toBe(true);
  });

  it('in a dry-run only tells what it would undo', async () => {
    const { restore, runId, isActive, toldSince } = await deactivated({ ...actingSettings, mode: 'dry-run' });
    const answer = await restore({ runId, ...request }, context);
    expect(isActive()).toBe(false);
    expect(answer.accounts).toMatchObject([{ preview: true }]);
    expect(toldSince()).toMatchObject([{ preview: true }]);
  });

  it.each([
    [{ runId: 'run-9' }, 'RUN_UNKNOWN'],
    [{ ony: ['payroll'] }, 'REQUEST_INVALID'],
    [{ only: ['eve'] }, 'RESTORE_INVALID'],
    [{ exemptUntil: '2026-01-01' }, 'RESTORE_INVALID'],
    [{ exemptUntil: 'soon' }, 'REQUEST_INVALID'],
    [{ requestedBy: undefined }, 'REQUEST_INVALID'],
  ])('refuses %j and changes nothing', async (changes, code) => {
    const { restore, runId, isActive, toldSince } = await deactivated();
    await expect(restore({ runId, ...request, ...changes }, context)).rejects.toMatchObject({ code });
    expect([isActive(), toldSince()]).toEqual([false, []]);
  });
});
