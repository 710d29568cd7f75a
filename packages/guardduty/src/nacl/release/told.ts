import { days, type Json, toJson } from '@remedykit/core';
import type { Notice } from '../ledger/ledger.ts';
import type { ReleaseOutcome, UpkeepAlert } from '../outcome.ts';
import type { Run } from '../run.ts';

/**
 * Where upkeep keeps what it has told about things that have no ledger to keep it in: a ledger that cannot be read, an
 * account whose facts cannot be had. Losing the document costs a repetition and nothing else.
 */
export const toldKey = 'upkeep/told';

/** While it lasts it is told again after this long, ms. */
const toldAgainAfter = days(1);

const maxTold = 500;
const attempts = 5;

/** What upkeep found, before it is known what of it is news. */
export interface Findings {
  readonly releases: readonly ReleaseOutcome[];
  readonly alerts: readonly Omit<UpkeepAlert, 'announce'>[];
}

/**
 * Says what of it is news: what happened is; what keeps being so (an alert, a pause, a failure, what a dry-run would do)
 * is told once, and once a day while it lasts. From now on it counts as told.
 */
export const withNews = async (
  run: Run,
  { releases, alerts }: Findings,
): Promise<{ readonly releases: readonly ReleaseOutcome[]; readonly alerts: readonly UpkeepAlert[] }> => {
  const abouts = [
    ...releases.flatMap((release) => (release.announce ? (aboutRelease(release) ?? []) : [])),
    ...alerts.filter((alert) => !isNewsItself(alert)).map(aboutAlert),
  ];
  const news = abouts.length === 0 ? new Set<string>() : await noteTold(run, [...new Set(abouts)]);
  return {
    releases: releases.map((release) => {
      const about = aboutRelease(release);
      return about === undefined || news.has(about) ? release : { ...release, announce: false };
    }),
    alerts: alerts.map((alert) => ({ ...alert, announce: isNewsItself(alert) || news.has(aboutAlert(alert)) })),
  };
};

/** The ledger keeps when it was told last. */
const isNewsItself = ({ reason }: Omit<UpkeepAlert, 'announce'>): boolean =>
  reason === 'flood' || reason === 'beyond-list' || reason === 'let-go';

const aboutAlert = ({ subject, reason }: Omit<UpkeepAlert, 'announce'>): string => `${reason}/${subject}`.slice(0, 300);

/** By entry and address: who hears that one release is paused does not know yet of the attacker whose deny is not put back. */
const aboutRelease = ({ outcome, reason, target, entry }: ReleaseOutcome): string | undefined => {
  if (outcome !== 'refused' && outcome !== 'failed' && outcome !== 'planned') return undefined;
  const place = `${target.accountId}/${target.region}/${entry.networkAclId}/${entry.egress ? 'egress' : 'ingress'}`;
  return `${outcome}/${reason}/${place}#${entry.ruleNumber}/${entry.cidr}`;
};

/** Which of these nobody was told in the last day; from now on they count as told. */
export const noteTold = async (
  { settings: { store, observe }, now }: Run,
  abouts: readonly string[],
): Promise<Set<string>> => {
  const at = now();
  let news = new Set(abouts);
  try {
    let stored = await store.get(toldKey);
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (isNewer(stored?.value)) return news;
      const told = noticesOf(stored?.value).filter((notice) => at.getTime() - Date.parse(notice.at) < toldAgainAfter);
      news = new Set(abouts.filter((about) => !told.some((notice) => notice.about === about)));
      if (news.size === 0) return news;
      const notices = [...[...news].map((about) => ({ about, at: at.toISOString() })), ...told].slice(0, maxTold);
      const value = toJson({ schema: 1, notices });
      const result = await (stored === undefined
        ? store.putIfAbsent(toldKey, value)
        : store.compareAndSet(toldKey, value, stored.version));
      if (result.ok) return news;
      stored = result.current;
    }
  } catch (error) {
    // Better told again than not at all.
    observe({ event: 'untold', data: { key: toldKey, error: String(error) } });
  }
  return news;
};

/** A newer library's document is left as it is. */
const isNewer = (value: Json | undefined): boolean => {
  const schema = (value as { schema?: unknown } | null | undefined)?.schema;
  return typeof schema === 'number' && schema > 1;
};

/** What is there and can be read; a document of another form is written anew. */
const noticesOf = (value: Json | undefined): Notice[] => {
  const notices = (value as { notices?: unknown } | null | undefined)?.notices;
  if (!Array.isArray(notices)) return [];
  return notices.flatMap((notice: { about?: unknown; at?: unknown } | null): Notice[] => {
    const { about, at } = notice ?? {};
    return typeof about === 'string' && typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? [{ about, at }] : [];
  });
};
