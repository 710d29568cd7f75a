import { expect, it } from 'vitest';
import { type ClockFacts, decideClock } from './decide-clock.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const hoursAgo = (count: number): string => new Date(now.getTime() - count * 3_600_000).toISOString();
const mail = (accepted: number) => ({ acceptedAt: hoursAgo(accepted), events: {} });
const delivered = (accepted: number, at: number) => ({ ...mail(accepted), events: { deliveredAt: hoursAgo(at) } });
const bounced = (accepted: number, at: number) => ({ ...mail(accepted), events: { failedAt: hoursAgo(at) } });
const facts: ClockFacts = { mailer: 'ready', mails: [], stopped: [] };

const running = { stopped: [], opened: [], closed: [], isProbeDue: false };

it('runs where the mailer is ready and events come back, or none are to be expected', () => {
  expect(decideClock(facts, now)).toEqual(running);
  expect(decideClock({ ...facts, mails: [delivered(48, 47)] }, now)).toEqual(running);
  expect(decideClock({ ...facts, mails: [bounced(48, 47)] }, now)).toEqual(running);
  expect(decideClock({ ...facts, mails: [mail(23.9)] }, now)).toEqual(running);
  expect(decideClock({ ...facts, mails: [{ events: {} }] }, now)).toEqual(running);
  expect(decideClock({ ...facts, mails: [mail(48)], lastEventAt: hoursAgo(47) }, now)).toEqual(running);
});

it('a mail that was heard of is not silent, though by our clock its event came before it', () => {
  expect(decideClock({ ...facts, mails: [delivered(48, 50)] }, now)).toEqual(running);
  expect(decideClock({ ...facts, mails: [bounced(48, 50)] }, now)).toEqual(running);
});

it.each(['sandbox', 'sending-paused', 'no-quota'] as const)('stops for %s, and runs again after', (mailer) => {
  const first = decideClock({ ...facts, mailer }, now);
  expect(first).toEqual({
    stopped: [{ from: now.toISOString(), reason: mailer }],
    opened: [mailer],
    closed: [],
    isProbeDue: false,
  });
  const { stopped } = first;
  const later = new Date(now.getTime() + 3_600_000);
  expect(decideClock({ ...facts, mailer, stopped }, later)).toEqual({ ...first, opened: [] });
  expect(decideClock({ ...facts, stopped }, later)).toEqual({
    stopped: [{ from: now.toISOString(), until: later.toISOString(), reason: mailer }],
    opened: [],
    closed: [mailer],
    isProbeDue: false,
  });
});

it('stops from the first mail that nothing was heard of for 24 hours, nor of any other', () => {
  const silent = decideClock({ ...facts, mails: [mail(10), delivered(100, 99), mail(24), mail(50)] }, now);
  expect(silent.stopped).toEqual([{ from: hoursAgo(50), reason: 'events-silent' }]);
  expect(silent.opened).toEqual(['events-silent']);
  expect(decideClock({ ...facts, mails: [mail(24)] }, now).opened).toEqual(['events-silent']);
});

it('one event vouches for the mails of its hour, so one that is lost stops no clock', () => {
  expect(decideClock({ ...facts, mails: [delivered(50, 50), mail(49)] }, now).stopped).toEqual([]);
  expect(decideClock({ ...facts, mails: [delivered(50, 50), mail(48.9)] }, now).opened).toEqual(['events-silent']);
});

it('while events are silent one mail a day finds out whether they come back, and its event lets the clock run', () => {
  const silent: ClockFacts = { ...facts, mails: [mail(50)] };
  const { stopped, isProbeDue } = decideClock(silent, now);
  expect(isProbeDue).toBe(true);
  expect(decideClock({ ...silent, stopped, lastProbeAt: hoursAgo(23) }, now).isProbeDue).toBe(false);
  expect(decideClock({ ...silent, stopped, lastProbeAt: hoursAgo(24) }, now).isProbeDue).toBe(true);
  expect(decideClock({ ...silent, stopped, mailer: 'sandbox' }, now).isProbeDue).toBe(false);
  const heard = decideClock({ ...silent, stopped, lastProbeAt: hoursAgo(1), lastEventAt: hoursAgo(1) }, now);
  expect(heard).toMatchObject({ closed: ['events-silent'], isProbeDue: false });
  expect(heard.stopped).toEqual([{ from: hoursAgo(50), until: now.toISOString(), reason: 'events-silent' }]);
});

it('several reasons stop the clock by themselves, and long past stops are forgotten', () => {
  const past = (days: number) => ({ from: hoursAgo(days * 24 + 1), until: hoursAgo(days * 24), reason: 'sandbox' });
  const both = decideClock({ ...facts, mailer: 'sandbox', mails: [mail(30)], stopped: [past(399), past(400)] }, now);
  expect(both.stopped).toEqual([
    past(399),
    { from: now.toISOString(), reason: 'sandbox' },
    { from: hoursAgo(30), reason: 'events-silent' },
  ]);
  const one = decideClock({ ...facts, mails: [mail(30)], stopped: both.stopped }, now);
  expect(one).toMatchObject({ opened: [], closed: ['sandbox'] });
  const second = decideClock(
    { ...facts, mailer: 'sandbox', mails: [mail(30)], stopped: both.stopped.slice(0, 2) },
    now,
  );
  expect(second).toMatchObject({ stopped: both.stopped, opened: ['events-silent'], closed: [] });
});
