import { createHash } from 'node:crypto';
import type { Finding } from '../finding.ts';

/** The longest key, and the longest matter, that a message may have. */
const maxLength = 255;

/** As it is where it fits, else with a hash in place of its end: two that begin alike stay two. */
export const fitted = (text: string): string => {
  if (text.length <= maxLength) return text;
  const hash = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, maxLength - hash.length - 1)}#${hash}`;
};

/**
 * The key of every message about a finding. The administrator's copy of a member's finding has the id and the account of
 * the member's, and so the same key.
 */
export const keyOf = ({ accountId, region, id }: Finding): string => fitted(`${accountId}/${region}/${id}`);

/**
 * What is the same in all copies of one matter. GuardDuty replays the events of global services (IAM, STS, sign-in) in
 * every Region where it is enabled, and so raises one finding per Region about one principal: their type, account and
 * principal are one matter, though the principal may have been at work in several Regions too. Of a role every session is a
 * matter of its own: the instances that share a role are not one. Everything else is a matter by itself, samples too, for
 * all samples name one principal. Source: GuardDuty user guide, foundational data sources, CloudTrail global events.
 */
export const matterOf = (finding: Finding): string => {
  const { accountId, principal, resourceType, sample, type } = finding;
  const who = principal?.principalId ?? principal?.userName;
  return who === undefined || resourceType !== 'AccessKey' || sample
    ? keyOf(finding)
    : fitted(`${type}/${accountId}/${who}`);
};
