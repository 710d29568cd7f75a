import type { RemediationError } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { type DenyStep, denyCidr, type JudgedThreat, type ThreatsPlan } from '../gate/decide-threats.ts';
import { library } from '../library.ts';
import { intervalsSeen } from '../nacl/entries/rank.ts';
import { createAttackers } from './attackers.ts';
import { boundedText } from './bounded-text.ts';
import { countriesIn } from './countries.ts';
import { createFillList } from './fill-list.ts';
import { createFindingLog } from './finding-log.ts';
import { createInterner } from './interner.ts';
import { judgeForPreview } from './judge.ts';
import { notChecked } from './not-checked.ts';
import { capacityOf, type PreviewOptions, readPreviewOptions } from './options.ts';
import { type PreviewPlace, previewPlaces } from './places.ts';
import type { PreviewOutcome, PreviewReport } from './report.ts';
import { createSightingStore, type WantedDeny } from './sightings.ts';
import { simulateLane } from './simulate-lane.ts';
import { createEscalationTable, createReasonTable, exampleOf } from './tables.ts';

/** What `createPreview` makes. */
export interface Preview {
  /** Takes one finding; the order does not matter. */
  add(finding: Finding): void;
  /** Takes what could not be read, so that the report says so. */
  skip(error: RemediationError): void;
  /** Plays the findings in the order of their own times and says what would have come of them. Called once, at the end. */
  report(): PreviewReport;
}

/** What is known of the finding whose threats are being taken. */
interface Current {
  readonly finding: Finding;
  readonly index: number;
  readonly at: Date | undefined;
  readonly countries: ReadonlyMap<string, string>;
}

const outcomeOf: Readonly<Record<JudgedThreat['verdict'], PreviewOutcome>> = {
  deny: 'blocked',
  refused: 'refused',
  'not-blocked': 'not-blocked',
  escalated: 'escalated',
  ignored: 'ignored',
  failed: 'not-blocked',
};

const maxErrors = 20;

/**
 * What a blocker with these options would have done about exported findings, without AWS. The gate decides about each
 * finding as at the finding's own time; then the wanted denies of each subnet are played through the blocker's own
 * decision about entries, so that room, extension, expiry and swaps come out as they would have.
 *
 * Memory is bounded: per wanted deny about 45 bytes, per address some hundred, and beyond a million denies or 300,000
 * addresses findings are judged and counted, but not simulated, which `read.notSimulated` says.
 * @throws RemediationError `PREVIEW_OPTION_INVALID`
 * @example
 * ```ts
 * import { awsRangesSnapshot, readFindings } from '@remedykit/guardduty';
 * import { createPreview, previewText } from '@remedykit/guardduty/preview';
 * const preview = createPreview({ allowList: ['203.0.113.0/24'], awsRanges: await awsRangesSnapshot() });
 * for await (const finding of readFindings('findings-export/', { onError: preview.skip })) preview.add(finding);
 * console.log(previewText(preview.report()));
 * ```
 */
export const createPreview = (options: PreviewOptions = {}): Preview => {
  const settings = readPreviewOptions(options);
  const { limits, policy, ownRules } = settings;
  const log = createFindingLog(limits);
  const attackers = createAttackers(limits.attackers);
  const reasons = createReasonTable();
  const escalated = createEscalationTable(limits.types);
  const places = createInterner<PreviewPlace>(limits.places);
  const denies = createInterner<WantedDeny>(limits.sightings);
  const sightings = createSightingStore();
  const errors: { code: string; message: string }[] = [];
  let [unreadable, notSimulated, undated, escalations] = [0, 0, 0, 0];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  const takeThreat = (current: Current, judged: JudgedThreat, plan: ThreatsPlan): boolean => {
    const { finding, index, at, countries } = current;
    const { threat, reason } = judged;
    const country = countries.get(threat.address ?? '');
    const attacker =
      threat.address === undefined || threat.verdict === 'ignore'
        ? undefined
        : attackers.seen({
            cidr: denyCidr(threat, policy),
            finding: index,
            type: log.get(index).type,
            at: (at ?? settings.now()).getTime(),
            severity: finding.severity,
            ...(country === undefined ? {} : { country }),
          });
    const settle = (outcome: PreviewOutcome, why: string): void => {
      log.came(index, outcome);
      reasons.add(outcome, why, () => exampleOf(finding, at));
      if (attacker !== undefined) attackers.came(attacker, outcome, why);
    };
    if (judged.verdict !== 'deny' || threat.address === undefined || at === undefined) {
      settle(outcomeOf[judged.verdict], reason);
      return true;
    }
    const where = previewPlaces(threat, finding);
    if (where.length === 0) settle('not-blocked', 'no-instance');
    const steps = plan.steps.filter(({ id }) => judged.stepIds.includes(id));
    let complete = attacker !== undefined;
    for (const place of attacker === undefined ? [] : where) {
      for (const step of steps) complete = store(current, step, place, attacker ?? 0, at) && complete;
    }
    // Whether there would have been room is not known, so it is not called blocked.
    if (!complete) settle('not-blocked', 'not-simulated');
    return complete;
  };

  const store = (
    { finding, index }: Current,
    step: DenyStep,
    place: PreviewPlace,
    attacker: number,
    at: Date,
  ): boolean => {
    if (sightings.length >= limits.sightings) return false;
    const { cidr, protocol, runs, spoofable, egress } = step;
    const placeKey = `${place.accountId}/${place.region}/${place.kind}/${place.id}`;
    const placeIndex = places.indexOf(placeKey, () => place);
    const deny = denies.indexOf(JSON.stringify([cidr, protocol, runs, spoofable]), () => ({
      cidr,
      protocol,
      runs,
      spoofable,
    }));
    if (placeIndex === undefined || deny === undefined) return false;
    sightings.add({
      at: at.getTime(),
      expiresAt: Date.parse(step.expiresAt),
      lane: 2 * placeIndex + (egress ? 1 : 0),
      deny,
      attacker,
      finding: index,
      // As in the blocker: analysts may change it in Security Hub, so there it never ranks.
      severity: finding.origin === 'securityhub' ? 0 : finding.severity,
      sightings: intervalsSeen(finding.count, finding.eventFirstSeen, finding.eventLastSeen),
    });
    return true;
  };

  const takeEscalation = ({ finding, index, at }: Current, { judged }: ThreatsPlan): void => {
    escalations += 1;
    const because = judged.filter(
      ({ threat, verdict }) => threat.escalate || verdict === 'escalated' || verdict === 'not-blocked',
    );
    for (const reason of new Set(because.map((each) => each.reason))) {
      escalated.add(log.get(index).type, reason, index, () => exampleOf(finding, at));
    }
  };

  const simulate = (): PreviewReport['fill'] => {
    const list = createFillList(limits.rows);
    const capacity = capacityOf(settings);
    const references = { deny: (index: number) => wanted(denies.values[index]), finding: log.get };
    for (const { lane, sightings: ofLane } of sightings.lanes(references)) {
      const placeIndex = Math.floor(lane / 2);
      const fills = simulateLane(
        ofLane,
        { policy, ownRules, capacity },
        {
          onPlaced({ attacker, finding }, { held, reason }) {
            const outcome = held ? 'blocked' : 'not-blocked';
            log.came(finding, outcome);
            reasons.add(outcome, reason);
            attackers.placed(attacker, placeIndex, held, reason);
          },
          onEnded: attackers.held,
        },
      );
      const place = places.values[placeIndex];
      if (place) list.add(place, lane % 2 === 1 ? 'egress' : 'ingress', fills);
    }
    return list.list();
  };

  return {
    add(finding) {
      const index = log.add(finding);
      if (index === undefined) return;
      const { plan, at } = judgeForPreview(finding, settings, settings.now());
      if (at) {
        from = Math.min(from, at.getTime());
        to = Math.max(to, at.getTime());
      } else undated += 1;
      const current = { finding, index, at, countries: countriesIn(finding) };
      const taken = plan.judged.map((judged) => takeThreat(current, judged, plan));
      if (taken.includes(false)) notSimulated += 1;
      if (plan.escalate) takeEscalation(current, plan);
    },
    skip({ code, message }) {
      unreadable += 1;
      if (errors.length < maxErrors) errors.push({ code, message: boundedText(message, 500) });
    },
    report() {
      const fill = simulate();
      const blocks = (finding: number): boolean => log.outcomeOf(finding) === 'blocked';
      return {
        schema: 1,
        library,
        generatedAt: settings.now().toISOString(),
        assumptions: {
          blockForMs: policy.blockFor,
          maxBlockForMs: policy.maxBlockFor,
          quota: policy.quota,
          headroom: policy.headroom,
          ownRules,
          capacity: capacityOf(settings),
          allowListed: settings.known.allowList.size,
          ...(settings.awsRangesAsOf ? { awsRangesAsOf: settings.awsRangesAsOf.toISOString() } : {}),
          ...(settings.accounts ? { accounts: settings.accounts.size } : {}),
        },
        read: { findings: log.length, copies: log.copies, unreadable, errors, notSimulated, undated },
        ...(from <= to ? { period: { from: new Date(from).toISOString(), to: new Date(to).toISOString() } } : {}),
        findings: log.byOutcome(),
        escalations,
        attackers: attackers.rows(limits.rows),
        countries: attackers.countries(limits.rows),
        types: log.byType(limits.rows),
        reasons: reasons.rows(limits.rows),
        escalated: escalated.rows(limits.rows, blocks),
        fill,
        notChecked: notChecked(settings),
      };
    },
  };
};

const wanted = (deny: WantedDeny | undefined): WantedDeny => {
  if (deny === undefined) throw new RangeError('A sighting refers to a deny that is not stored.');
  return deny;
};
