import { GetFindingsCommand, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { isRemediationError, minutes, RemediationError } from '@remedykit/core';
import type { Finding } from '../finding.ts';
import { clientFor } from '../nacl/client-for.ts';
import type { GuardDuty, TrustOption } from '../nacl/options.ts';
import type { Target } from '../nacl/outcome.ts';
import { parseHeldFinding } from '../parse/held-finding.ts';
import { extractThreats, threatsOf } from '../threats/extract.ts';
import type { ThreatOptions } from '../threats/table.ts';
import type { AddressThreat } from '../threats/threat.ts';
import type { ThreatsFacts } from './decide-threats.ts';

/** Asks GuardDuty what it holds under finding ids. */
export interface ReadBack {
  /**
   * Findings by id, or why a held one cannot be read. One that GuardDuty does not hold for this account and Region is
   * absent: an administrator's detector holds those of others too, and an event must not borrow their authority.
   */
  gather(target: Target, findings: readonly Finding[]): Promise<ReadonlyMap<string, HeldFinding>>;
}

/** A finding as GuardDuty holds it, or the error that says why that cannot be read. */
export type HeldFinding = Finding | RemediationError;

/** `GetFindings` takes at most 50 ids. Source: GuardDuty API reference. */
const maxIds = 50;

/** IAM actions: guardduty:GetFindings, and guardduty:ListDetectors unless `detectorId` is given. */
export const createReadBack = (trust: Extract<TrustOption, { readBack: unknown }>, now: () => Date): ReadBack => {
  const client = clientFor<GuardDuty>(trust.readBack);
  const detectors = new Map<string, { readonly at: number; readonly id: Promise<string> }>();
  const detectorOf = (target: Target): Promise<string> => {
    if (trust.detectorId !== undefined) return Promise.resolve(trust.detectorId);
    const key = `${target.accountId}/${target.region}`;
    const kept = detectors.get(key);
    const at = now().getTime();
    if (kept && at >= kept.at && at - kept.at < minutes(5)) return kept.id;
    const id = findDetector(client(target), target);
    detectors.set(key, { at, id });
    id.catch(() => detectors.delete(key));
    return id;
  };
  return {
    async gather(target, findings) {
      const DetectorId = await detectorOf(target);
      const events = new Map(findings.map((finding) => [finding.id, finding]));
      const ids = [...events.keys()];
      const held = new Map<string, HeldFinding>();
      for (let from = 0; from < ids.length; from += maxIds) {
        const FindingIds = ids.slice(from, from + maxIds);
        const { Findings = [] } = await client(target).send(new GetFindingsCommand({ DetectorId, FindingIds }));
        for (const document of Findings) {
          const event = events.get(document.Id ?? '');
          const finding = event && readHeld(document, event);
          if (event && finding && isAbout(finding, target)) held.set(event.id, finding);
        }
      }
      return held;
    },
  };
};

const readHeld = (document: unknown, { provenance }: Finding): HeldFinding => {
  try {
    return parseHeldFinding(document, provenance);
  } catch (error) {
    if (isRemediationError(error)) return error;
    throw error;
  }
};

const isAbout = (held: HeldFinding, { accountId, region }: Target): boolean =>
  isRemediationError(held) || (held.accountId === accountId && held.region === region);

const findDetector = async (client: GuardDuty, { accountId, region }: Target): Promise<string> => {
  const { DetectorIds } = await client.send(new ListDetectorsCommand({}));
  const id = DetectorIds?.[0];
  if (id !== undefined) return id;
  throw new RemediationError({
    code: 'DETECTOR_MISSING',
    message: `GuardDuty has no detector in account ${accountId}, Region ${region}: nothing can be read back. Check trust.readBack and trust.detectorId.`,
    retryable: true,
  });
};

/**
 * Threats that the event names and GuardDuty does not hold under this id. GuardDuty replaces the remote address under the
 * same id, so where it holds a newer sighting they are superseded; else nobody but the event says so. Pure.
 */
export const onlyInEvent = (
  event: Finding,
  held: Finding,
  options: ThreatOptions = {},
): ThreatsFacts['onlyInEvent'] => {
  const known = new Set(extractThreats(held).map(({ address }) => address));
  const newer = (held.eventLastSeen ?? held.updatedAt ?? '') > (event.eventLastSeen ?? event.updatedAt ?? '');
  return threatsOf(event, options)
    .filter((threat): threat is AddressThreat => threat.address !== undefined && threat.verdict === 'block')
    .filter(({ address }) => !known.has(address))
    .map((threat) => ({ threat, reason: newer ? 'superseded' : 'unverified' }));
};
