import { describe, expect, it } from 'vitest';
import type { MailDocument } from './mail-document.ts';
import { learn, type MailFact } from './mail-facts.ts';
import { sampleMail } from './sample-mail.ts';

const second = (count: number): string => `2026-11-24T10:00:0${count}.000Z`;
const mail: MailDocument = { ...sampleMail(), schema: 1, claimedAt: second(0), claim: 'a', events: {} };
const learnt = (...facts: MailFact[]): MailDocument => facts.reduce(learn, mail);
/** What a mail comes to by two facts, told in either order. */
const eitherWay = (one: MailFact, other: MailFact, end: MailDocument): void => {
  expect(learnt(one, other)).toEqual(end);
  expect(learnt(other, one)).toEqual(end);
};

describe('accepted', () => {
  it('the first acceptance is kept, and the first message id in order of text', () => {
    eitherWay(
      { kind: 'accepted', at: second(2), messageId: 'a' },
      { kind: 'accepted', at: second(1), messageId: 'b' },
      { ...mail, acceptedAt: second(1), messageId: 'a' },
    );
    eitherWay(
      { kind: 'accepted', at: second(1), messageId: 'a' },
      { kind: 'accepted', at: second(2) },
      { ...mail, acceptedAt: second(1), messageId: 'a' },
    );
  });

  it('no message id is made up', () => {
    expect(learnt({ kind: 'accepted', at: second(1) })).toEqual({ ...mail, acceptedAt: second(1) });
    expect(learnt({ kind: 'accepted', at: second(1) })).not.toHaveProperty('messageId');
  });

  it('a time is kept in the one form that compares as text', () => {
    expect(learnt({ kind: 'accepted', at: '2026-11-24T11:00:01+01:00' }).acceptedAt).toBe(second(1));
  });
});

describe('delivered', () => {
  it('the first delivery is kept, beside what else came back', () => {
    const failed: MailFact = { kind: 'failed', at: second(3), failure: 'Complaint' };
    const after = learnt(failed, { kind: 'delivered', at: second(2) }, { kind: 'delivered', at: second(1) });
    expect(after.events).toEqual({ deliveredAt: second(1), failedAt: second(3), failure: 'Complaint' });
    expect(learn(after, { kind: 'delivered', at: second(4) })).toEqual(after);
  });
});

describe('failed', () => {
  it('of two the first in time is kept, with its own text', () => {
    eitherWay(
      { kind: 'failed', at: second(1), failure: 'Complaint' },
      { kind: 'failed', at: second(2), failure: 'Bounce' },
      { ...mail, events: { failedAt: second(1), failure: 'Complaint' } },
    );
  });

  it('of two at one time the first in order of text', () => {
    eitherWay(
      { kind: 'failed', at: second(1), failure: 'Complaint' },
      { kind: 'failed', at: second(1), failure: 'Bounce' },
      { ...mail, events: { failedAt: second(1), failure: 'Bounce' } },
    );
  });

  it('stays beside the delivery', () => {
    const after = learnt({ kind: 'delivered', at: second(1) }, { kind: 'failed', at: second(2), failure: 'Complaint' });
    expect(after.events).toEqual({ deliveredAt: second(1), failedAt: second(2), failure: 'Complaint' });
  });

  it('has a text that the store takes: never none, never more than 1,024 characters', () => {
    expect(learnt({ kind: 'failed', at: second(1), failure: '' }).events.failure).toBe('unknown');
    const long = 'x'.repeat(1_025);
    expect(learnt({ kind: 'failed', at: second(1), failure: long }).events.failure).toBe('x'.repeat(1_024));
  });
});

describe('rejected', () => {
  it('of two the first in time is kept, of two at one time the first in order of text', () => {
    eitherWay(
      { kind: 'rejected', at: second(1), reason: 'MessageRejected' },
      { kind: 'rejected', at: second(2), reason: 'BadRequestException' },
      { ...mail, rejectedAt: second(1), rejection: 'MessageRejected' },
    );
    eitherWay(
      { kind: 'rejected', at: second(1), reason: 'MessageRejected' },
      { kind: 'rejected', at: second(1), reason: 'BadRequestException' },
      { ...mail, rejectedAt: second(1), rejection: 'BadRequestException' },
    );
  });
});

it.each<MailFact>([
  { kind: 'accepted', at: second(1) },
  { kind: 'rejected', at: second(1), reason: 'MessageRejected' },
  { kind: 'delivered', at: second(1) },
  { kind: 'failed', at: second(1), failure: 'Bounce' },
])('I32: a mail of which SES said something is not free to be claimed any more: $kind', (fact) => {
  const after = learn({ ...mail, releasedAt: second(0) }, fact);
  expect(after).not.toHaveProperty('releasedAt');
  expect(after).toEqual(learnt(fact));
});
