import { addTo, hours, type Instant, minutes } from '@remedykit/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDays, ageInDays, type Day, utcDay } from '../days.ts';
import type { CaseDecision, CaseFacts, CredentialPolicy, MailRecord, Recipient, StoppedClock } from '../model/case.ts';
import { decideCase } from './decide-case.ts';
import { mailStatus } from './mails.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);

const start: Day = '2026-01-01T00:00:00.000Z';
const rule = 'key-age';
const recipients: readonly Recipient[] = [
  { role: 'owner', address: 'alice@example.com', source: 'tag:owner' },
  { role: 'owner', address: 'bob@example.com', source: 'account-owner' },
  { role: 'fallback', address: 'security@example.com', source: 'fallback' },
];

/** What becomes of a mail. `late`: SES took it, our mark was lost, and only an event, hours later, says so. */
const fates = ['accepted', 'bounced', 'rejected', 'lost', 'late'] as const;
interface Fate {
  readonly kind: (typeof fates)[number];
  /** When a bounce or a late event comes back. */
  readonly afterHours: number;
}

/** One day: when runs look (none: a missed day), what becomes of the mails of that day, what else begins or ends. */
interface DayPlan {
  readonly runsAt: readonly number[];
  readonly fate: Fate;
  readonly event: 'exempt' | 'not-exempt' | 'stop' | 'go' | 'none';
}

interface Pending {
  readonly at: Instant;
  readonly mail: MailRecord;
}

interface Seen {
  readonly now: Date;
  readonly facts: CaseFacts;
  readonly decision: CaseDecision;
  /** Mails that SES has, whether or not we know of it. */
  readonly sent: readonly MailRecord[];
}

const sameMail = (a: MailRecord, b: MailRecord): boolean =>
  a.deadline === b.deadline && a.stage === b.stage && a.address === b.address;

/** What is learned of a mail, kept as the store keeps it: the first acceptance stays. */
const store = (mails: readonly MailRecord[], mail: MailRecord): readonly MailRecord[] => {
  const held = mails.find((other) => sameMail(other, mail));
  if (held === undefined) return [...mails, mail];
  const acceptedAt = [held.acceptedAt, mail.acceptedAt].filter((at) => at !== undefined).sort()[0];
  const merged: MailRecord = {
    ...held,
    ...mail,
    ...(acceptedAt === undefined ? {} : { acceptedAt }),
    events: { ...mail.events, ...held.events },
  };
  return mails.map((other) => (other === held ? merged : other));
};

/** The mail of a decision as the run leaves it, and what an event will say of it later. */
const send = (mail: MailRecord, { kind, afterHours }: Fate, at: Instant): { now: MailRecord; later?: Pending } => {
  const back = addTo(at, hours(afterHours));
  const accepted = { ...mail, acceptedAt: at };
  if (kind === 'accepted') return { now: accepted };
  if (kind === 'rejected') return { now: { ...mail, rejectedAt: at, rejection: 'MessageRejected' } };
  if (kind === 'lost') return { now: mail };
  if (kind === 'late') return { now: mail, later: { at: back, mail: accepted } };
  return { now: accepted, later: { at: back, mail: { ...accepted, events: { failedAt: back, failure: 'Bounce' } } } };
};

const play = (plans: readonly DayPlan[], policy: CredentialPolicy, from: Day, people = recipients): readonly Seen[] => {
  const seen: Seen[] = [];
  let mails: readonly MailRecord[] = [];
  let sent: readonly MailRecord[] = [];
  let pending: readonly Pending[] = [];
  let stopped: readonly StoppedClock[] = [];
  let exempt = false;
  let lastExemptAt: Instant | undefined;

  for (const [index, { runsAt, fate, event }] of plans.entries()) {
    const day = addDays(from, index);
    if (event === 'exempt') exempt = true;
    if (event === 'not-exempt') exempt = false;
    const isStopped = stopped.some(({ until }) => until === undefined);
    if (event === 'stop' && !isStopped) stopped = [...stopped, { from: addTo(day, hours(1)), reason: 'sandbox' }];
    if (event === 'go') stopped = stopped.map((stop) => ({ until: addTo(day, hours(1)), ...stop }));

    for (const minute of [...runsAt].sort((a, b) => a - b)) {
      const at = addTo(day, minutes(minute));
      for (const { mail } of pending.filter((each) => each.at <= at)) mails = store(mails, mail);
      pending = pending.filter((each) => each.at > at);
      const facts: CaseFacts = {
        case: { id: `${rule}/AKIA`, rule, credentialId: 'AKIA', since: start, firstSeenAt: from },
        mails,
        recipients: people,
        failedAddresses: [],
        stopped,
        ...(exempt ? { exempt: { reason: 'bridge', expires: addDays(day, 30), by: 'user:alice' } } : {}),
        ...(lastExemptAt === undefined ? {} : { lastExemptAt }),
      };
      if (exempt) lastExemptAt = at;
      const decision = decideCase(facts, policy, new Date(at));
      seen.push({ now: new Date(at), facts, decision, sent });
      const { action, deadline } = decision;
      if (action.kind !== 'warn') continue;
      const mail: MailRecord = {
        schema: 1,
        accountId: '111122223333',
        userId: 'AIDAALICE0000000001',
        caseId: facts.case.id,
        stage: action.stage,
        deadline,
        role: action.role,
        address: action.address,
        claimedAt: at,
        claim: `${index}-${minute}`,
        events: {},
      };
      const outcome = send(mail, fate, at);
      mails = store(mails, outcome.now);
      if (fate.kind !== 'rejected' && fate.kind !== 'lost') sent = [...sent, mail];
      if (outcome.later !== undefined) pending = [...pending, outcome.later];
    }
  }
  return seen;
};

const policies: fc.Arbitrary<CredentialPolicy> = fc
  .record({
    stages: fc.uniqueArray(fc.constantFrom(14, 10, 5, 1, 0), { minLength: 1 }),
    minimumWarningDays: fc.integer({ min: 1, max: 25 }),
    undeliverable: fc.constantFrom('report' as const, 'act' as const),
    rollout: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ stages, minimumWarningDays, undeliverable, rollout }) => ({
    rules: { [rule]: { afterDays: 90, stages: stages.sort((a, b) => b - a) } },
    rolloutDate: addDays(start, rollout),
    minimumWarningDays,
    undeliverable,
    undeliverableAfterDays: 30,
    securityNoticeDays: 14,
  }));

const fate: fc.Arbitrary<Fate> = fc.record({
  kind: fc.constantFrom('accepted' as const, ...fates),
  afterHours: fc.integer({ min: 1, max: 12 * 24 }),
});
const plan: fc.Arbitrary<DayPlan> = fc.record({
  runsAt: fc.oneof(
    { weight: 3, arbitrary: fc.array(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 1439 }), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom([1438], [0, 1439], [0, 1]) },
  ),
  fate,
  event: fc.oneof(
    { weight: 15, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('exempt' as const, 'stop' as const) },
    { weight: 3, arbitrary: fc.constantFrom('not-exempt' as const, 'go' as const) },
  ),
});

const isWarning = ({ role, stage }: MailRecord): boolean =>
  stage !== 'undeliverable' && (role === 'owner' || stage === 'unowned');
const known = ({ facts, now }: Seen, status: 'accepted' | 'under-way'): readonly MailRecord[] =>
  facts.mails.filter((mail) => mailStatus(mail, now) === status);
/** Mails that count: accepted, not failed, after the last exemption. */
const counting = (at: Seen): readonly MailRecord[] =>
  known(at, 'accepted').filter((mail) => isWarning(mail) && !(mail.claimedAt <= (at.facts.lastExemptAt ?? '')));

/** Whole days from one to the other in which no clock stood still for a moment, in another way than the code has it. */
const runningDays = (from: Instant, { now, facts }: Seen): number =>
  Array.from({ length: ageInDays(from, now) }, (_, index) => addDays(utcDay(from), index)).filter(
    (day) => !facts.stopped.some((stop) => stop.from < addDays(day, 1) && (stop.until ?? now.toISOString()) > day),
  ).length;

const anyPlay = fc.tuple(fc.array(plan, { minLength: 60, maxLength: 80 }), policies);
const eachMoment = (check: (at: Seen, policy: CredentialPolicy) => void): void => {
  fc.assert(
    fc.property(anyPlay, ([plans, policy]) => {
      for (const at of play(plans, policy, addDays(start, 70))) check(at, policy);
    }),
    { numRuns },
  );
};

it('nobody who is exempt is mailed or acted on, nor anybody while a clock stands still', () => {
  eachMoment(({ facts, decision: { action, state } }) => {
    const isStopped = facts.stopped.some(({ until }) => until === undefined);
    if (facts.exempt !== undefined) expect([state, action.kind]).toEqual(['exempt', 'wait']);
    else if (isStopped) {
      expect(state).toBe('cannot-warn');
      expect(['wait', 'report']).toContain(action.kind);
    }
  });
});

it('nobody is acted on without the full notice after a warning that counts, or after a request to security', () => {
  eachMoment((at, policy) => {
    const { decision, now } = at;
    if (decision.action.kind !== 'act') return;
    expect(decision.deadline <= now.toISOString()).toBe(true);
    expect(now.toISOString() >= policy.rolloutDate).toBe(true);
    const warned = counting(at).map(({ acceptedAt = '' }) => runningDays(acceptedAt, at));
    if (decision.state !== 'undeliverable') {
      expect(Math.max(-1, ...warned)).toBeGreaterThanOrEqual(policy.minimumWarningDays);
      return;
    }
    expect(policy.undeliverable).toBe('act');
    const asked = known(at, 'accepted').filter(({ stage }) => stage === 'undeliverable');
    const notices = asked.map(({ acceptedAt = '' }) => runningDays(acceptedAt, at));
    expect(Math.max(-1, ...notices)).toBeGreaterThanOrEqual(policy.securityNoticeDays);
  });
});

it('an answer of security brings the deed about or changes nothing: while it holds, and where nobody could be told', () => {
  const answers = fc.record({
    decision: fc.constantFrom('act' as const, 'confirm' as const),
    untilHours: fc.integer({ min: 0, max: 170 * 24 }),
  });
  fc.assert(
    fc.property(anyPlay, answers, ([plans, policy], { decision, untilHours }) => {
      const until = addTo(start, hours(untilHours));
      for (const { facts, now, decision: unanswered } of play(plans, policy, addDays(start, 70))) {
        const answered = decideCase({ ...facts, answer: { decision, at: start, until } }, policy, now);
        if (unanswered.state === 'cannot-warn') {
          expect(['wait', 'report']).toContain(answered.action.kind);
          continue;
        }
        const holds = decision === 'act' && now.toISOString() < until && unanswered.state === 'undeliverable';
        // An address that is tried meanwhile gets a deadline of its own; the deed has that of the request.
        const { deadline } = unanswered.reason === 'warning-due' ? answered : unanswered;
        const deed = { action: { kind: 'act' }, reason: 'answered-act', because: answered.because, deadline };
        expect(answered).toEqual(holds ? { ...unanswered, ...deed } : unanswered);
      }
    }),
    { numRuns },
  );
});

it('I36: no deadline is before one that a mail named which counts, nor before the rollout', () => {
  eachMoment((at, policy) => {
    for (const mail of counting(at)) expect(at.decision.deadline >= mail.deadline).toBe(true);
    expect(at.decision.deadline >= policy.rolloutDate).toBe(true);
  });
});

it('I32: a stage is mailed twice only where it came back, or where our mark of it was lost', () => {
  eachMoment(({ facts, decision: { action, deadline }, now, sent }) => {
    if (action.kind !== 'warn') return;
    const same = (mail: MailRecord): boolean => mail.deadline === deadline && mail.stage === action.stage;
    const heardOf = facts.mails.filter(
      (mail) => same(mail) && mailStatus(mail, now) !== 'lost' && mail.claimedAt > (facts.lastExemptAt ?? ''),
    );
    // What only the fallback recipient was told is told to an owner who is found later.
    const standing = heardOf.filter(
      (mail) => mailStatus(mail, now) !== 'failed' && (mail.role === action.role || mail.role === 'owner'),
    );
    expect(standing).toEqual([]);
    // What SES has already is sent again only as long as nothing is heard of it.
    const again = sent.filter((mail) => same(mail) && mail.address === action.address);
    for (const mail of again) expect(heardOf.some((heard) => sameMail(heard, mail))).toBe(false);
  });
});

it('no mail goes to an address at which one came back, but the request to security', () => {
  eachMoment(({ facts, decision: { action, state }, now }) => {
    if (action.kind !== 'warn' || action.stage === 'undeliverable') return;
    const from = facts.lastExemptAt ?? '';
    const failed = facts.mails.filter((mail) => mailStatus(mail, now) === 'failed' && mail.claimedAt > from);
    expect(failed.map(({ address }) => address)).not.toContain(action.address);
    if (state === 'undeliverable') expect(action.role).toBe('owner');
  });
});

it('the deadline that a mail names leaves the full notice, however late in the day it is accepted', () => {
  eachMoment(({ decision: { action, deadline, reason }, now }, policy) => {
    if (action.kind !== 'warn' || !['warning-due', 'second-mail-due'].includes(reason)) return;
    expect(ageInDays(addTo(now, minutes(14)), deadline)).toBeGreaterThanOrEqual(policy.minimumWarningDays);
  });
});

it('I31: whoever is looked at daily comes to a decision in bounded time, whatever bounces', () => {
  const daily = fc.record({
    runsAt: fc.constant([600]),
    fate: fc.record({
      kind: fc.constantFrom('accepted' as const, 'bounced' as const, 'rejected' as const),
      afterHours: fc.integer({ min: 1, max: 12 * 24 }),
    }),
    event: fc.constant('none' as const),
  });
  const people = fc.subarray([...recipients]).map((some) => [...some, ...recipients.slice(-1)]);
  fc.assert(
    fc.property(fc.array(daily, { minLength: 165, maxLength: 165 }), policies, people, (plans, policy, some) => {
      const seen = play(plans, policy, addDays(start, 60), some);
      const largest = Math.max(...(policy.rules[rule]?.stages ?? []));
      const base = Math.max(90, ageInDays(start, policy.rolloutDate));
      const last = base - largest + 30 + 14 + 2 * (12 + policy.minimumWarningDays) + 2;
      const end = seen.findIndex(
        ({ decision: { action, reason } }) =>
          action.kind === 'act' ||
          reason === 'request-failed' ||
          (reason === 'undeliverable-report' && policy.undeliverable === 'report'),
      );
      expect(end).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(Math.max(last, base) - 60);
    }),
    { numRuns },
  );
});

it('I31: where all mails are accepted, the first is sent on its day and the deed is done at its deadline', () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 0, max: 200 }), (policy, firstLook) => {
      const accepted: Fate = { kind: 'accepted', afterHours: 1 };
      const plans: DayPlan[] = Array.from({ length: 240 }, () => ({ runsAt: [600], fate: accepted, event: 'none' }));
      const seen = play(plans.slice(firstLook), policy, addDays(start, firstLook));
      const mails = seen.filter(({ decision }) => decision.action.kind === 'warn');
      const act = seen.find(({ decision }) => decision.action.kind === 'act');
      const largest = Math.max(...(policy.rules[rule]?.stages ?? []));
      const base = Math.max(90, ageInDays(start, policy.rolloutDate));
      const first = Math.max(firstLook, base - largest);
      const deadline = Math.max(base, first + policy.minimumWarningDays);
      expect(mails[0] && ageInDays(start, mails[0].now)).toBe(first);
      expect(act && ageInDays(start, act.now)).toBe(deadline);
      expect(new Set(mails.map(({ decision }) => decision.deadline))).toEqual(new Set([addDays(start, deadline)]));
      const stages = mails.map(({ decision: { action } }) => (action.kind === 'warn' ? action.stage : undefined));
      expect(stages).toEqual([...new Set(stages)]);
    }),
    { numRuns },
  );
});
