import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadActionData } from '../actions.ts';
import { evaluate, fullAwsAccess, type PolicySet } from '../evaluate/evaluate.ts';
import { listOf } from '../policy/list.ts';
import type { AccessRequest } from '../policy/request.ts';
import { policyTemplates } from '../templates/catalog.ts';
import type { Guardrail } from '../templates/guardrail.ts';
import { anyRequestTag, logged } from '../testing/cloudtrail/logged.ts';
import { pairs } from '../testing/oracle/generate.ts';
import { requestsNear } from '../testing/oracle/template-requests.ts';
import { createReplay, type ReplayedEvent } from './create-replay.ts';

const numRuns = Number(process.env.REMEDYKIT_RUNS ?? 100);
const data = loadActionData();

/** Keys that conditions and variables of policies are about, in lower case. */
const keysIn = (policies: PolicySet): Set<string> => {
  const levels = [...(policies.serviceControlPolicies ?? []), ...(policies.resourceControlPolicies ?? [])];
  const statements = levels.flatMap((level) => level.policies.flatMap(({ document }) => document.Statement));
  const keys = statements.flatMap(({ Condition = {} }) => Object.values(Condition).flatMap(Object.keys));
  const texts = statements.flatMap(({ Condition = {}, Resource, NotResource }) => [
    ...Object.values(Condition).flatMap((byKey) => Object.values(byKey).flatMap((values) => listOf(values))),
    ...listOf(Resource),
    ...listOf(NotResource),
  ]);
  const variables = texts.flatMap((text) => [...text.matchAll(/\$\{([^},*?$]+)/g)].map(([, key = '']) => key.trim()));
  return new Set([...keys, ...variables].map((key) => key.toLowerCase()));
};

interface Compared {
  readonly replayed: ReplayedEvent;
  readonly decisive: boolean;
}

/** Replays what CloudTrail writes of a request, and holds it to what `evaluate` says of the request itself. */
const compare = (asked: AccessRequest, policies: PolicySet, enriched: boolean): Compared => {
  const { record, request, told } = logged(asked, {
    data,
    enriched,
    ofResource: policies.serviceControlPolicies === undefined,
  });
  const { verdict, deniedBy, exempt } = evaluate(request, policies);
  const replayed = createReplay({ policies, data }).add(record);
  const decisive = [...keysIn(policies)].every(
    (key) => told.has(key) || (key.startsWith('aws:requesttag/') && told.has(anyRequestTag)),
  );
  // An event may list a table and not its index: of several types, what is not listed stays open.
  const [facts] = data.actionsLike(asked.action);
  const single = (facts?.resourceTypes.length ?? 0) < 2 || asked.action.startsWith('s3:');
  const types = [policies.serviceControlPolicies, policies.resourceControlPolicies].filter((one) => one !== undefined);
  if (exempt.length === types.length) expect(replayed).toEqual({ outcome: 'exempt' });
  else if (replayed.outcome === 'unknown') {
    expect(replayed.missing).not.toEqual([]);
    for (const key of replayed.missing ?? []) expect(told).not.toContain(key);
  } else if (replayed.outcome === 'denied') {
    expect(verdict).not.toBe('allowed');
    if (verdict === 'implicitly-denied')
      expect(replayed.deniedBy?.map(({ statement }) => statement)).toEqual(['no allowance']);
    else {
      const ours = replayed.deniedBy?.map(({ target, policy, statement }) => [target, policy, statement]) ?? [];
      const theirs = deniedBy.map(({ target, policy, sid, index }) => [
        target,
        policy,
        sid ?? `statement ${index + 1}`,
      ]);
      // What it does not know it leaves out; it makes up none.
      if (decisive && single) expect(ours).toEqual(theirs);
      else
        for (const one of ours)
          expect([...theirs, ['', '', 'no allowance']]).toContainEqual(
            one[2] === 'no allowance' ? ['', '', 'no allowance'] : one,
          );
    }
  } else expect({ outcome: replayed.outcome, verdict }).toEqual({ outcome: 'allowed', verdict: 'allowed' });
  if (decisive && single) expect(replayed.outcome).not.toBe('unknown');
  return { replayed, decisive };
};

describe('a replay of what CloudTrail wrote of generated requests', () => {
  it('agrees with evaluate, event by event, or says that it does not know', () => {
    const seen = { denied: 0, allowed: 0, unknown: 0, exempt: 0, decisive: 0 };
    fc.assert(
      fc.property(pairs, fc.boolean(), ({ request, policies }, enriched) => {
        const { replayed, decisive } = compare(request, policies, enriched);
        if (replayed.outcome in seen) seen[replayed.outcome as keyof typeof seen] += 1;
        if (decisive) seen.decisive += 1;
      }),
      { numRuns: numRuns * 5 },
    );
    // None of the comparisons is vacuous.
    for (const count of [seen.denied, seen.allowed, seen.unknown, seen.decisive]) expect(count).toBeGreaterThan(5);
  });

  const attached = ({ type, document }: Guardrail): PolicySet => {
    const own = { name: 'guardrail', document };
    return type === 'SERVICE_CONTROL_POLICY'
      ? { serviceControlPolicies: [{ target: 'root', policies: [fullAwsAccess, own] }] }
      : { resourceControlPolicies: [{ target: 'root', policies: [own] }] };
  };

  it.each(policyTemplates)('agrees near the cases of $name', ({ example }) => {
    const guardrail = example();
    fc.assert(
      fc.property(requestsNear(guardrail, data), fc.boolean(), (request, enriched) => {
        // Requests without a resource, about an action that has some, are none that AWS would log.
        const [facts] = data.actionsLike(request.action);
        fc.pre(request.resource !== '*' || facts?.resourceTypes.length === 0);
        compare(request, attached(guardrail), enriched);
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });
});
