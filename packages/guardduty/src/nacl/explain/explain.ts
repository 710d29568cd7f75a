import { mapConcurrent, RemediationError, type Suppression, suppressionsAt } from '@remedykit/core';
import { canonicalCidr, overlaps } from '../../gate/cidr.ts';
import { failureOf } from '../failure.ts';
import { ledgerPages } from '../ledger/ledgers.ts';
import type { Run } from '../run.ts';
import { explainDecision } from './explain-decision.ts';
import { explainPlace } from './explain-place.ts';
import type { AuditQuery, ExplainedDecision, ExplainedPlace, ExplainQuery, Explanation } from './explanation.ts';

/** At most this many decisions, the latest; what is older is counted. */
const maxDecisions = 200;

type Problems = Explanation['problems'][number][];

/** Everything that is known about an address or a finding: what holds now, and what was decided. Writes nothing. */
export const explain = async (run: Run, asked: ExplainQuery): Promise<Explanation> => {
  const { settings } = run;
  const query = readQuery(asked);
  const now = run.now();
  const problems: Problems = [];
  const places: ExplainedPlace[] = [];
  const accounts = new Set(settings.listedAccounts);
  for await (const page of ledgerPages(run)) {
    for (const found of page.ledgers) {
      if ('problem' in found) {
        const { code, message } = found.problem;
        problems.push({ subject: found.key, reason: code.toLowerCase().replaceAll('_', '-'), because: message });
        continue;
      }
      accounts.add(found.id.accountId);
      const place = explainPlace(found.read.ledger, query, settings.policy.entryWritesPerHour, now);
      if (place) places.push(place);
    }
  }
  const suppressions = await gatherSuppressions(run, [...accounts], query, places, problems, now);
  const { decisions, decisionsOmitted } = await gatherDecisions(run, query, problems);
  return {
    kind: 'explain',
    at: now.toISOString(),
    query,
    summary: summaryOf(query, places, suppressions, decisions, problems),
    places,
    suppressions,
    decisions,
    decisionsOmitted,
    problems,
  };
};

const readQuery = ({ address, findingId }: ExplainQuery): AuditQuery => {
  if ((address === undefined) === (findingId === undefined))
    throw invalid('ask for exactly one of address and findingId');
  if (address !== undefined) return { cidr: canonicalCidr(address) };
  if (typeof findingId !== 'string' || findingId === '') throw invalid('"findingId" must be the id of a finding');
  return { findingId };
};

const invalid = (what: string): RemediationError =>
  new RemediationError({ code: 'EXPLAIN_QUERY_INVALID', message: `explain: ${what}.` });

/** What people wrote into control documents about the address, or about those that the finding is known with. */
const gatherSuppressions = async (
  { settings }: Run,
  accounts: readonly string[],
  { cidr }: AuditQuery,
  places: readonly ExplainedPlace[],
  problems: Problems,
  now: Date,
): Promise<Explanation['suppressions']> => {
  const cidrs = cidr ? [cidr] : places.flatMap(({ slots, unplaced }) => [...slots, ...unplaced].map((one) => one.cidr));
  const found = new Map<string, Suppression & { accountIds: string[] }>();
  const results = await mapConcurrent(accounts, 8, (accountId) => settings.control.read(accountId));
  results.forEach((result, at) => {
    const accountId = accounts[at] ?? '';
    // A control reader never rejects; were it to, the account is unreadable all the same.
    const control = result.ok ? result.value : ({ readable: false, error: { code: '', message: '' } } as const);
    if (!control.readable) {
      const { code, message } = control.error;
      problems.push({ subject: `control/${accountId}`, reason: 'control-unreadable', because: `${code}: ${message}` });
      return;
    }
    for (const suppression of suppressionsAt(control, now)) {
      if (!cidrs.some((one) => overlaps(one, suppression.cidr))) continue;
      const key = JSON.stringify(suppression);
      const known = found.get(key);
      if (known) known.accountIds.push(accountId);
      else found.set(key, { ...suppression, accountIds: [accountId] });
    }
  });
  return [...found.values()];
};

const gatherDecisions = async (
  { settings: { auditTrail } }: Run,
  query: AuditQuery,
  problems: Problems,
): Promise<Pick<Explanation, 'decisions' | 'decisionsOmitted'>> => {
  if (auditTrail === undefined) return { decisions: [], decisionsOmitted: 0 };
  let decisions: ExplainedDecision[] = [];
  let total = 0;
  try {
    for await (const record of auditTrail(query)) {
      const decision = 'decider' in record ? explainDecision(record, query) : undefined;
      if (decision === undefined) continue;
      total += 1;
      decisions.push(decision);
      // A trail may be long and in any order.
      if (decisions.length >= 2 * maxDecisions) decisions = latest(decisions);
    }
  } catch (error) {
    const { reason, because } = failureOf(error);
    problems.push({ subject: 'auditTrail', reason, because });
  }
  const kept = latest(decisions);
  return { decisions: kept, decisionsOmitted: total - kept.length };
};

/** In order of time; at the same instant the gate comes before what is done about its word. */
const latest = (decisions: readonly ExplainedDecision[]): ExplainedDecision[] =>
  decisions
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || Number(isGate(b)) - Number(isGate(a)))
    .slice(-maxDecisions);

const isGate = ({ decider }: ExplainedDecision): boolean => decider === 'nacl/threats';

const summaryOf = (
  { cidr, findingId }: AuditQuery,
  places: readonly ExplainedPlace[],
  suppressions: Explanation['suppressions'],
  decisions: readonly ExplainedDecision[],
  problems: Problems,
): string => {
  const subject = cidr ?? `finding ${findingId}`;
  const denied = places.filter(({ slots }) => slots.some(({ status }) => status !== 'claimed'));
  const head =
    denied.length > 0
      ? `${subject} is denied in ${denied.length} ${denied.length === 1 ? 'place' : 'places'}.`
      : `${subject} is not denied anywhere that could be read.`;
  return [
    head,
    ...places.flatMap(({ sentences }) => sentences),
    ...suppressions.map((one) => `${one.requestedBy} unblocked ${one.cidr} until ${one.until}: ${one.reason}`),
    ...decisions.map(({ sentence }) => sentence),
    ...problems.map(({ subject: what, because }) => `${what} could not be read: ${because}`),
  ].join('\n');
};
