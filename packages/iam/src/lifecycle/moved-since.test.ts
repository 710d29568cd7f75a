import { describe, expect, it } from 'vitest';
import { addDays } from '../days.ts';
import type { CaseFacts, CredentialPolicy, MailRecord, RuleName } from '../model/case.ts';
import { decideCase } from './decide-case.ts';

const day = (count: number): string => addDays('2026-01-01T00:00:00.000Z', count);
const noon = (count: number): string => day(count).replace('T00', 'T12');

const policy: CredentialPolicy = {
  rules: { mfa: { afterDays: 14, stages: [14, 7, 1, 0] }, 'key-unused': { afterDays: 60, stages: [10, 5, 1, 0] } },
  rolloutDate: day(0),
  minimumWarningDays: 10,
  undeliverable: 'act',
  undeliverableAfterDays: 30,
  securityNoticeDays: 14,
};

const mailOf = (caseId: string, claimedAt: string, deadline: string): MailRecord => ({
  schema: 1,
  accountId: '111122223333',
  userId: 'AIDA',
  caseId,
  stage: 10,
  deadline,
  role: 'owner',
  address: 'ana@example.com',
  claimedAt,
  claim: 'one',
  acceptedAt: claimedAt,
  events: {},
});

const factsOf = (rule: RuleName, since: string, mails: readonly MailRecord[]): CaseFacts => ({
  case: { id: `${rule}/X`, rule, credentialId: 'X', since, firstSeenAt: day(0) },
  mails,
  recipients: [{ role: 'owner', address: 'ana@example.com', source: 'tag:owner' }],
  failedAddresses: [],
  stopped: [],
});

describe('a case whose days are counted anew', () => {
  it.each(['key-unused', 'mfa'] as const)(
    'I10, I37: %s: a warning that was sent before we knew of the use, or of the new password, is none',
    (rule) => {
      const mail = mailOf(`${rule}/X`, noon(50), day(60));
      // Used, or made, an hour before the mail; seen an hour after it. Then nobody looks until its deadline is past.
      const since = noon(50).replace('T12', 'T11');
      const decision = decideCase(factsOf(rule, since, [mail]), policy, new Date(noon(120)));
      expect(decision.action.kind).toBe('warn');
      expect(decision.deadline > day(129)).toBe(true);
      // With the day that it was sent for it still counts.
      expect(decideCase(factsOf(rule, noon(0), [mail]), policy, new Date(noon(61))).action.kind).toBe('act');
    },
  );
});
