import type { Finding } from '../finding.ts';
import { type AddressAnswers, answersFor } from '../gate/answers.ts';
import { decideThreats, denyCidr, sightingOf, type ThreatsPlan } from '../gate/decide-threats.ts';
import { maxClockSkew } from '../nacl/policy.ts';
import { extractThreats } from '../threats/extract.ts';
import type { PreviewSettings } from './options.ts';

/** A finding with what the gate would have said at the finding's own time. */
export interface PreviewedFinding {
  readonly plan: ThreatsPlan;
  /** When it was last seen; absent where it does not say. */
  readonly at?: Date;
}

/** The finding's own time, by which it is neither stale nor early; one from the future is judged by the clock. */
const ownTime = (finding: Finding, now: Date): Date | undefined => {
  const seen = Date.parse(sightingOf(finding) ?? '');
  if (Number.isNaN(seen)) return undefined;
  return seen > now.getTime() + maxClockSkew ? now : new Date(seen);
};

/** Decides about one finding as the blocker would, on the facts that need no AWS. Pure but for the clock of the settings. */
export const judgeForPreview = (finding: Finding, settings: PreviewSettings, now: Date): PreviewedFinding => {
  const at = ownTime(finding, now);
  const answers: Record<string, AddressAnswers> = {};
  for (const threat of extractThreats(finding)) {
    if (threat.address !== undefined && threat.verdict === 'block')
      answers[threat.address] = answersFor(
        { cidr: denyCidr(threat, settings.policy), host: threat.address },
        settings.known,
        settings.addressRanges,
      );
  }
  const plan = decideThreats(
    {
      finding,
      accountListed: settings.accounts?.has(finding.accountId) ?? true,
      authority: 'not-needed',
      onlyInEvent: [],
      answers,
    },
    settings.policy,
    at ?? now,
  );
  return { plan, ...(at ? { at } : {}) };
};
