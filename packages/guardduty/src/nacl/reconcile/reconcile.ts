import { mapConcurrent } from '@remedykit/core';
import { failureOf } from '../failure.ts';
import type { ReconcileOutcome } from '../outcome.ts';
import { noteTold, withNews } from '../release/told.ts';
import { problem } from '../release/walk-ledgers.ts';
import type { Run } from '../run.ts';
import { type BrokenLedger, gatherPlaces, gatherTargets, keyOf, type Place, prefixOf } from './gather-places.ts';
import { checkReconcileOptions, type ReconcileOptions } from './reconcile-options.ts';
import { type Reconciled, reconcilePlace } from './reconcile-place.ts';

/** Places are compared in turns of so many, and a turn begins only with this much time left, ms. */
const turn = 20;
const reserveMs = 15_000;

interface Looked {
  readonly one: Reconciled;
  /** True when nothing may be written there. */
  readonly preview: boolean;
}

/** Compares every network ACL of the accounts and Regions that are known with its ledgers. */
export const reconcileAll = async (run: Run, options: ReconcileOptions): Promise<ReconcileOutcome> => {
  checkReconcileOptions(run, options);
  const { targets = [], cursor: from = '' } = options;
  const began = run.now().toISOString();
  const { targets: known, strays } = await gatherTargets(run, targets);
  const looked: Looked[] = strays.map(brokenLedger);
  let ledgers = 0;
  let cursor: string | undefined;
  for (const target of known) {
    const prefix = prefixOf(target);
    const isDone = from > prefix && !from.startsWith(prefix);
    if (isDone) continue;
    if (ledgers > 0 && run.remainingTimeMs() < reserveMs) cursor = prefix;
    if (cursor !== undefined) break;
    const found = await gatherPlaces(run, target).catch((error: unknown) => ({ problem: failureOf(error) }));
    if ('problem' in found) {
      const { reason, because } = found.problem;
      looked.push({ one: { ...problem('reconcile', prefix, reason, because), ...nothing }, preview: false });
      continue;
    }
    const left = found.places.filter((place) => keyOf(place) >= from);
    const compared = await comparePlaces(run, left, options);
    looked.push(...compared.looked);
    ledgers += compared.looked.length;
    cursor = compared.cursor;
  }
  return {
    ...(await outcomeOf(run, looked, began)),
    ledgers,
    done: cursor === undefined,
    ...(cursor ? { cursor } : {}),
  };
};

const nothing = { orphans: [], contests: [] } as const;

/** Compares places in their order, as far as time allows; `cursor`: the first that was not compared. */
const comparePlaces = async (
  run: Run,
  places: readonly Place[],
  { adopt }: ReconcileOptions,
): Promise<{ readonly looked: readonly Looked[]; readonly cursor?: string }> => {
  const looked: Looked[] = [];
  for (let at = 0; at < places.length; at += turn) {
    const now = places.slice(at, at + turn);
    const [first] = now;
    if (first !== undefined && at > 0 && run.remainingTimeMs() < reserveMs) return { looked, cursor: keyOf(first) };
    let cursor: string | undefined;
    const results = await mapConcurrent(now, 4, async (place) =>
      // With less than one request's time no entry can be written any more.
      run.remainingTimeMs() < run.settings.requestTimeoutMs ? undefined : comparePlace(run, place, adopt),
    );
    results.forEach((result, index) => {
      const place = now[index];
      if (place === undefined) return;
      if (!result.ok) looked.push(failed(place, result.error));
      else if (result.value) looked.push(result.value);
      else cursor ??= keyOf(place);
    });
    if (cursor !== undefined) return { looked, cursor };
  }
  return { looked };
};

const comparePlace = async (run: Run, place: Place, adopt: ReconcileOptions['adopt']): Promise<Looked> =>
  'key' in place ? brokenLedger(place) : { one: await reconcilePlace(run, place, adopt), preview: place.preview };

const brokenLedger = ({ key, problem: { code, message } }: BrokenLedger): Looked => ({
  one: { ...problem('reconcile', key, code, message), ...nothing },
  preview: false,
});

const failed = (place: Place, error: unknown): Looked => {
  const { reason, because } = failureOf(error);
  return { one: { ...problem('reconcile', keyOf(place), reason, because), ...nothing }, preview: false };
};

const saysSomething = ({ one }: Looked): boolean =>
  [one.releases, one.alerts, one.orphans, one.contests].some(({ length }) => length > 0);

type Told = Omit<ReconcileOutcome, 'ledgers' | 'done' | 'cursor'>;

const outcomeOf = async (run: Run, looked: readonly Looked[], at: string): Promise<Told> => {
  const saying = looked.filter(saysSomething);
  const preview = saying.length > 0 && saying.every((one) => one.preview);
  const all = looked.map(({ one }) => one);
  return {
    kind: 'reconcile',
    at,
    preview,
    ...(await withNews(run, {
      releases: all.flatMap(({ releases }) => releases),
      alerts: all.flatMap(({ alerts }) => alerts),
    })),
    ...(await onceInPreview(run, looked)),
    steps: all.flatMap(({ steps }) => steps),
  };
};

/** In a dry-run no ledger keeps what was told. */
const onceInPreview = async (run: Run, looked: readonly Looked[]): Promise<Pick<Told, 'orphans' | 'contests'>> => {
  const about = (one: Told['orphans'][number] | Told['contests'][number]): string => {
    const what = 'ruleNumber' in one ? `orphan/${one.ruleNumber}` : one.reason;
    const { accountId, region } = one.target;
    return `planned/${what}/${accountId}/${region}/${one.networkAclId}/${one.egress ? 'egress' : 'ingress'}`;
  };
  const planned = looked.flatMap(({ one, preview }) =>
    preview ? [...one.orphans, ...one.contests].flatMap((said) => (said.announce ? [about(said)] : [])) : [],
  );
  const news = planned.length === 0 ? undefined : await noteTold(run, planned);
  const once = <Said extends Told['orphans'][number] | Told['contests'][number]>(said: Said, preview: boolean): Said =>
    preview && said.announce && news?.has(about(said)) !== true ? { ...said, announce: false } : said;
  return {
    orphans: looked.flatMap(({ one, preview }) => one.orphans.map((said) => once(said, preview))),
    contests: looked.flatMap(({ one, preview }) => one.contests.map((said) => once(said, preview))),
  };
};
