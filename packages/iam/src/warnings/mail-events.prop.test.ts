import { createMemoryStore, type StateStore } from '@remedykit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MailRecord } from '../model/case.ts';
import { parseMailEvent, parseMailEvents } from './mail-events.ts';
import { claimMail, listMails, markAccepted, markRejected } from './mail-store.ts';
import { recordMailEvent } from './record-mail-event.ts';
import { sampleMail, sampleSesEvent } from './sample-mail.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const mail = sampleMail();
const now = new Date('2026-11-24T10:00:00.000Z');

const instant = fc.integer({ min: 0, max: 5 }).map((second) => `2026-11-24T10:00:0${second}.000Z`);
const messageId = fc.constantFrom('m1', 'm2');

type Happening = (store: StateStore, record: MailRecord) => Promise<unknown>;

const mark: fc.Arbitrary<Happening> = fc.tuple(instant, messageId).map(
  ([at, id]) =>
    (store, record) =>
      markAccepted(store, record, { now: new Date(at), messageId: id }),
);

const refusal: fc.Arbitrary<Happening> = fc
  .tuple(instant, fc.constantFrom('MessageRejected', 'BadRequestException'))
  .map(
    ([at, reason]) =>
      (store, record) =>
        markRejected(store, record, { now: new Date(at), reason }),
  );

const event: fc.Arbitrary<Happening> = fc
  .record({
    detailType: fc.constantFrom(
      'Email Sent',
      'Email Delivered',
      'Email Bounced',
      'Email Complaint Received',
      'Email Rejected',
      'Email Delivery Delayed',
    ),
    mailAt: instant,
    at: instant,
    id: messageId,
    bounceType: fc.constantFrom('Permanent', 'Transient', 'Undetermined'),
  })
  .map(({ detailType, mailAt, at, id, bounceType }) => {
    const part = { bounce: { bounceType, timestamp: at }, delivery: { timestamp: at }, complaint: { timestamp: at } };
    const parsed = parseMailEvent(sampleSesEvent(mail, detailType, { mailAt, messageId: id, part }));
    return (store) => recordMailEvent(store, parsed);
  });

const happenings = fc.array(fc.oneof(mark, event, { arbitrary: refusal, weight: 1 }), { minLength: 1, maxLength: 8 });

const endOf = async (all: readonly Happening[]) => {
  const store = createMemoryStore();
  const { record } = await claimMail(store, mail, { now, claim: 'a' });
  for (const happen of all) await happen(store, record);
  return (await listMails(store, mail.accountId)).mails;
};

describe('marks and events', () => {
  it('I32: come to the same record in any order, and however often each is told', async () => {
    const told = happenings.chain((all) =>
      fc.tuple(
        fc.constant(all),
        // Every one at least once, some again, all in another order.
        fc
          .array(fc.constantFrom(...all), { maxLength: 6 })
          .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
      ),
    );
    await fc.assert(
      fc.asyncProperty(told, async ([once, shuffled]) => {
        expect(await endOf(shuffled)).toEqual(await endOf(once));
      }),
      { numRuns },
    );
  });

  it('come to the same record when they happen at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (all) => {
        const store = createMemoryStore();
        const { record } = await claimMail(store, mail, { now, claim: 'a' });
        await Promise.all(all.map((happen) => happen(store, record)));
        expect((await listMails(store, mail.accountId)).mails).toEqual(await endOf(all));
      }),
      { numRuns },
    );
  });
});

describe('parseMailEvents', () => {
  it('answers any input with events or coded errors', () => {
    const trust = { topics: ['t'], queues: ['q'] };
    const wrapped = fc.anything().map((body) => ({
      Records: [
        { eventSource: 'aws:sqs', eventSourceARN: 'q', body: JSON.stringify(body) },
        { EventSource: 'aws:sns', Sns: { TopicArn: 't', Message: body } },
        body,
      ],
    }));
    const detail = fc.anything().map((inner) => ({ source: 'aws.ses', 'detail-type': 'Email Sent', detail: inner }));
    const coded = expect.objectContaining({ code: expect.stringMatching(/^MAIL_EVENT_/) });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), wrapped, detail), (input) => {
        try {
          for (const { error } of parseMailEvents(input, trust)) if (error !== undefined) expect(error).toEqual(coded);
        } catch (error) {
          expect(error).toEqual(coded);
        }
      }),
      { numRuns },
    );
  });
});
