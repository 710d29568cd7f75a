import type { AuditRecord, Json } from '@remedykit/core';
import { overlaps } from '../../gate/cidr.ts';
import { shortId } from '../ledger/ledger.ts';
import type { AuditQuery, ExplainedDecision, ExplainedVerdict } from './explanation.ts';

type Fields = { readonly [key: string]: Json | undefined };

// A record may come from any version, so its plan is read with care: what is not there is left out.
const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: Json | undefined): Fields => (isFields(value) ? value : {});
const listOf = (value: Json | undefined): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

interface Found {
  readonly verdict: ExplainedVerdict;
  readonly stepIds: readonly string[];
}

/** What one audit record decided about an address or a finding; undefined: nothing. Pure. */
export const explainDecision = (record: AuditRecord, query: AuditQuery): ExplainedDecision | undefined => {
  const plan = fieldsOf(record.plan);
  const facts = fieldsOf(record.facts);
  const found = [...judgements(plan, record, query), ...placements(plan, facts, query), ...releases(plan, query)];
  if (found.length === 0) return undefined;
  const stepIds = new Set(found.flatMap((one) => one.stepIds));
  const verdicts = found.map(({ verdict }) => verdict);
  const { at, decider, library, id, correlation } = record;
  return {
    at,
    decider,
    library,
    recordId: id,
    runId: correlation.runId,
    ...(correlation.findingId === undefined ? {} : { findingId: correlation.findingId }),
    verdicts,
    outcomes: record.outcomes.filter(({ stepId }) => stepIds.has(stepId)),
    facts: record.facts,
    policy: record.policy,
    sentence: `${at}, ${decider} (${library}): ${verdicts.map(sentenceOf).join(' ')}`,
  };
};

const sentenceOf = ({ cidr, decided, ruleNumber, reason, because }: ExplainedVerdict): string =>
  [cidr, ruleNumber === undefined ? undefined : `rule ${ruleNumber}`, `${decided} (${reason})`]
    .filter((part) => part !== undefined)
    .join(', ')
    .concat(`. ${because}`);

const verdictOf = (decided: string, fields: Fields, about: Fields): ExplainedVerdict => {
  const cidr = textOf(about.cidr) ?? textOf(about.address);
  const ruleNumber = fields.ruleNumber ?? about.ruleNumber;
  return {
    ...(cidr === undefined ? {} : { cidr }),
    decided,
    ...(typeof ruleNumber === 'number' ? { ruleNumber } : {}),
    reason: textOf(fields.reason) ?? '',
    because: textOf(fields.because) ?? '',
  };
};

const touches = (cidr: string | undefined, about: string | undefined): boolean => {
  if (cidr === undefined || about === undefined) return false;
  try {
    return overlaps(cidr, about);
  } catch {
    // An address that could not be read was decided on as such.
    return false;
  }
};

/** `nacl/threats`: what the gate said about each threat of a finding. */
const judgements = (plan: Fields, { correlation }: AuditRecord, { cidr, findingId }: AuditQuery): Found[] =>
  listOf(plan.judged).flatMap((judged): Found[] => {
    const threat = fieldsOf(judged.threat);
    const isAbout =
      (findingId !== undefined && correlation.findingId === findingId) || touches(cidr, textOf(threat.address));
    if (!isAbout) return [];
    return [{ verdict: verdictOf(textOf(judged.verdict) ?? '', judged, threat), stepIds: textsOf(judged.stepIds) }];
  });

/** `nacl/entries`: where the wanted denies ended up. */
const placements = (plan: Fields, facts: Fields, { cidr, findingId }: AuditQuery): Found[] => {
  const denyIds = new Set(
    listOf(facts.requests).flatMap((request) =>
      findingId !== undefined && request.findingId === findingId ? (textOf(request.denyId) ?? []) : [],
    ),
  );
  return listOf(plan.placements).flatMap((placement): Found[] => {
    const match = fieldsOf(placement.match);
    if (!denyIds.has(textOf(placement.denyId) ?? '') && !touches(cidr, textOf(match.cidr))) return [];
    return [found(textOf(placement.result) ?? '', placement, match)];
  });
};

/** Everything that upkeep and people do to slots: `nacl/sweep`, `nacl/unblock`, `nacl/reconcile`, `nacl/drain`. */
const releases = (plan: Fields, { cidr, findingId }: AuditQuery): Found[] =>
  listOf(plan.releases).flatMap((release): Found[] => {
    const slot = fieldsOf(release.slot);
    const isOfFinding = findingId !== undefined && textsOf(slot.findingIds).includes(shortId(findingId));
    if (!isOfFinding && !touches(cidr, textOf(slot.cidr))) return [];
    return [found(textOf(release.result) ?? '', release, slot)];
  });

const found = (decided: string, fields: Fields, about: Fields): Found => {
  const stepId = textOf(fields.stepId);
  return { verdict: verdictOf(decided, fields, about), stepIds: stepId === undefined ? [] : [stepId] };
};
