import { days } from '@remedykit/core';
import type { CredentialRun } from '@remedykit/iam';
import { mfaPolicies } from '@remedykit/iam';
import { createHandler as createMailEventHandler } from '../mail-event-handler.ts';
import type { Parts } from '../parts.ts';
import { createHandler } from '../scheduled-handler.ts';
import type { Settings } from '../settings.ts';
import { context, createTestParts, type TestParts, testSettings } from './test-parts.ts';

/** What a deployment that acts would say. */
export const actingSettings: Settings = {
  ...testSettings,
  mfa: { action: 'deny-until-mfa', graceDays: 14, activeKeyUsers: 'report', enrolAfterDeny: 'hold' },
};

/** The two policies that the deployment creates. */
export const { enrolment, hold } = mfaPolicies({ accountId: '111122223333' });

export interface Play extends TestParts {
  readonly parts: Parts;
  /** Of all days so far. */
  readonly runs: readonly CredentialRun[];
  /** So many mornings; every mail arrives. */
  play(count: number): Promise<void>;
}

/** An account as it is deployed, and mornings in it. */
export const createPlay = (settings: Settings = actingSettings): Play => {
  const test = createTestParts();
  const { iam, mailer, clock } = test;
  for (const { name, path, document } of [enrolment, hold]) iam.addPolicy({ name, path, document });
  const runs: CredentialRun[] = [];
  const parts: Parts = { ...test.parts, onRun: (run) => void runs.push(run) };
  const onSchedule = createHandler(settings, parts);
  const onMailEvent = createMailEventHandler(settings, parts);
  let heard = 0;
  return {
    ...test,
    parts,
    runs,
    play: async (count) => {
      for (let day = 0; day < count; day += 1) {
        await onSchedule({}, context);
        for (const mail of mailer.mails.slice(heard)) await onMailEvent(mailer.eventOf(mail, 'Delivered'));
        heard = mailer.mails.length;
        clock.advance(days(1));
      }
    },
  };
};
