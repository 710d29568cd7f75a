import { createMemoryStore } from '@remedykit/core';
import { createTestClock } from '@remedykit/core/testing';
import { describe, expect, it } from 'vitest';
import { executeAction } from '../actions/execute-action.ts';
import { createIamCalls } from '../aws/calls.ts';
import type { Answer } from '../model/case.ts';
import { createFakeIam } from '../testing/index.ts';
import type { ConsoleFacts, ConsolePolicy } from './console-facts.ts';
import { decideConsoleAction } from './decide-console-action.ts';
import { mfaPolicies } from './mfa-policies.ts';

const accountId = '111122223333';
const { enrolment, hold } = mfaPolicies({ accountId });
const old = '2026-06-01T08:00:00.000Z';
const policy: ConsolePolicy = {
  action: 'deny-until-mfa',
  enrolmentArn: enrolment.arn,
  holdArn: hold.arn,
  activeKeyUsers: 'deny',
  enrolAfterDeny: 'hold',
  boundariesThatAllowEnrolment: [],
};

/** A privileged user without MFA, and runs that decide on what IAM has and carry it out, dying at a call of IAM if asked. */
const stage = () => {
  const clock = createTestClock(new Date('2026-11-24T10:00:00Z'));
  const iam = createFakeIam({ now: clock.now });
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
  iam.addUser({ name: 'ada', password: { createdAt: old, lastUsed: old }, attachedPolicies: [admin] });
  const store = createMemoryStore();
  let runs = 0;
  const run = async (answer: Answer | undefined, dieAt = Number.POSITIVE_INFINITY): Promise<void> => {
    const { userId, arn, name, attachedPolicies, mfa } = iam.user('ada');
    const facts: ConsoleFacts = {
      subject: { accountId, userId, userName: name, arn },
      caseId: 'mfa/password',
      due: true,
      mfaDevices: mfa.map(({ serial }) => serial),
      password: { createdAt: old, lastUse: { kind: 'used', at: old } },
      attachedPolicies: attachedPolicies.map((one) => ({ name: one, arn: one })),
      groupPolicies: [],
      activeKeys: [],
      policiesPerUser: 10,
      passwordPolicy: { hardExpiry: false },
      ...(answer === undefined ? {} : { answer }),
    };
    runs += 1;
    let calls = 0;
    iam.before(() => {
      calls += 1;
      if (calls >= dieAt) throw new Error('dies');
    });
    const context = { calls: createIamCalls({ iam, attempts: 1 }), store, runId: `run-${runs}`, now: clock.now };
    for (const step of decideConsoleAction(facts, policy, clock.now()).steps)
      await executeAction(step, { ...context, isStillDue: async () => true });
    iam.before(undefined);
  };
  const attached = (): readonly string[] =>
    iam
      .user('ada')
      .attachedPolicies.filter((arn) => arn !== admin)
      .map((arn) => (arn === hold.arn ? 'hold' : 'enrolment'));
  return { clock, iam, run, attached };
};

describe('a hold, an answer, and what comes of it', () => {
  it('hold, confirmed: enrolment; enrolled: free', async () => {
    const { clock, iam, run, attached } = stage();
    await run(undefined);
    expect(attached()).toEqual(['hold']);
    const confirm = { decision: 'confirm', at: clock.now().toISOString(), until: '2026-12-31T00:00:00.000Z' } as const;
    await run(confirm);
    expect(attached()).toEqual(['enrolment']);
    iam.enableMfa('ada');
    await run(confirm);
    expect(attached()).toEqual([]);
  });

  const crashes = Array.from({ length: 6 }, (_, index) => index + 1);
  it.each(crashes)(
    'I25: a swap that dies at call %d to IAM leaves the user denied, and the next run ends it',
    async (dieAt) => {
      const { clock, run, attached } = stage();
      await run(undefined);
      const confirm = {
        decision: 'confirm',
        at: clock.now().toISOString(),
        until: '2026-12-31T00:00:00.000Z',
      } as const;
      await run(confirm, dieAt);
      expect(attached().length).toBeGreaterThan(0);
      await run(confirm);
      expect(attached()).toEqual(['enrolment']);

      clock.advance(48 * 3_600_000);
      await run(confirm, dieAt);
      expect(attached().length).toBeGreaterThan(0);
      await run(confirm);
      expect(attached()).toEqual(['hold']);
      await run(confirm);
      expect(attached()).toEqual(['hold']);
    },
  );
});
