import { parseOperator } from '../evaluate/condition.ts';
import { actionCovers, resourceCovers } from './covers.ts';
import { conditionKey, joinSources, type Part, type Scope, scope, scopeKey, statementOf, testKey } from './part.ts';
import { type Reach, serviceOf } from './reach.ts';

/** Characters of a part as a statement without its Sid. */
export const charactersOf = (part: Part): number => JSON.stringify(statementOf(part)).length;

/**
 * A part for each service of its actions, with the resources that the service can meet. Where one of the services is not
 * known, or all actions or all but some are meant, the part stays whole.
 */
export const splitByService = (part: Part, reach: Reach): readonly Part[] => {
  const { actions, resources } = part;
  const services = actions.negated ? undefined : reach.servicesOf(actions.values);
  if (services === undefined) return [part];
  return services.map((service) => {
    const taken = resources.values.filter((resource) => reach.canTake(service, resource));
    return {
      ...part,
      actions: { negated: false, values: actions.values.filter((action) => serviceOf(action) === service) },
      // A statement that meets nothing says nothing, and an empty list is no list.
      resources: { ...resources, values: taken.length === 0 ? resources.values : taken },
    };
  });
};

/** Joins the parts that have one key, in the order of the first of each. */
const joinBy = (
  parts: readonly Part[],
  keyOf: (part: Part) => string,
  join: (parts: readonly [Part, ...Part[]]) => Part,
): readonly Part[] => {
  const groups = new Map<string, [Part, ...Part[]]>();
  for (const [index, part] of parts.entries()) {
    const key = keyOf(part) || `alone ${index}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? group[0] : join(group)));
};

const union = (parts: readonly Part[], of: 'actions' | 'resources'): Scope =>
  scope(
    false,
    parts.flatMap((part) => part[of].values),
    of,
  );

/** All but some of two lists is not all but some of both: parts with NotAction or NotResource join only where these are equal. */
const sameResources = (part: Part): string =>
  part.actions.negated ? '' : `${conditionKey(part)} ${scopeKey(part.resources, 'resources')}`;
const sameActions = (part: Part): string =>
  part.resources.negated ? '' : `${conditionKey(part)} ${scopeKey(part.actions, 'actions')}`;
const same = (part: Part): string =>
  `${conditionKey(part)} ${scopeKey(part.actions, 'actions')} ${scopeKey(part.resources, 'resources')}`;

const joinActions = (parts: readonly [Part, ...Part[]]): Part => ({
  ...parts[0],
  actions: union(parts, 'actions'),
  sources: joinSources(...parts),
});
const joinResources = (parts: readonly [Part, ...Part[]]): Part => ({
  ...parts[0],
  resources: union(parts, 'resources'),
  sources: joinSources(...parts),
});
const joinSame = (parts: readonly [Part, ...Part[]]): Part => ({ ...parts[0], sources: joinSources(...parts) });

/**
 * Operators under which one value of several suffices, so that "one of these" or "one of those" is "one of all".
 * `ForAllValues` asks for all values of a request at once, and the negated ones for none of the policy's: there it is not so.
 */
const joinsValues = (operator: string): boolean => {
  const name = parseOperator(operator);
  return (
    name !== undefined &&
    name.set !== 'ForAllValues' &&
    /^(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|IpAddress)$/.test(name.base)
  );
};

/** Joins parts that differ in the values of their test at one place, and in nothing else. */
const joinTests = (parts: readonly Part[]): readonly Part[] => {
  const places = Math.max(0, ...parts.map(({ tests }) => tests.length));
  return Array.from({ length: places }, (_, place) => place).reduce((found, place) => {
    const keyOf = (part: Part): string => {
      const test = part.tests[place];
      if (test === undefined || !joinsValues(test.operator)) return '';
      const tests = part.tests.map((one, index) => (index === place ? { ...one, values: [] } : one));
      return `${testKey(test)} ${same({ ...part, tests })}`;
    };
    return joinBy(found, keyOf, (group) => ({
      ...group[0],
      tests: group[0].tests.map((test, index) =>
        index === place
          ? { ...test, values: [...new Set(group.flatMap(({ tests }) => tests[place]?.values ?? []))].toSorted() }
          : test,
      ),
      sources: joinSources(...group),
    }));
  }, parts);
};

const scopeCovers = (outer: Scope, inner: Scope, covers: (outer: string, inner: string) => boolean): boolean => {
  if (!outer.negated && outer.values.includes('*')) return true;
  if (outer.negated !== inner.negated) return false;
  const [wide, narrow] = outer.negated ? [inner.values, outer.values] : [outer.values, inner.values];
  return narrow.every((value) => wide.some((one) => covers(one, value)));
};

/** Whether a part applies wherever another one does. */
const partCovers = (outer: Part, inner: Part): boolean => {
  const tests = new Map(inner.tests.map((test) => [testKey(test), JSON.stringify(test.values)]));
  return (
    outer.effect === inner.effect &&
    outer.principal === inner.principal &&
    outer.tests.every((test) => tests.get(testKey(test)) === JSON.stringify(test.values)) &&
    scopeCovers(outer.actions, inner.actions, actionCovers) &&
    scopeCovers(outer.resources, inner.resources, resourceCovers)
  );
};

/** Takes out the parts that another one covers; that one stands for their sources too. */
const withoutCoveredParts = (parts: readonly Part[]): readonly Part[] =>
  parts.reduce<readonly Part[]>((kept, part) => {
    const by = kept.findIndex((one) => partCovers(one, part));
    if (by >= 0) return kept.map((one, index) => (index === by ? { ...one, sources: joinSources(one, part) } : one));
    const covered = kept.filter((one) => partCovers(part, one));
    return [...kept.filter((one) => !covered.includes(one)), { ...part, sources: joinSources(part, ...covered) }];
  }, []);

/** Whether no action of one part can meet what the other one alone lists. */
const disjoint = (a: Part, b: Part, reach: Reach): boolean => {
  const [ofA, ofB] = [reach.servicesOf(a.actions.values), reach.servicesOf(b.actions.values)];
  if (ofA === undefined || ofB === undefined || a.actions.negated || b.actions.negated) return false;
  const foreign = (services: readonly string[], own: Part, other: Part): boolean =>
    other.resources.values
      .filter((resource) => !own.resources.values.includes(resource))
      .every((resource) => services.every((service) => !reach.canTake(service, resource)));
  return foreign(ofA, a, b) && foreign(ofB, b, a);
};

/**
 * Joins parts whose services have no resources in common: an action never meets what the other part lists. For NotResource it is
 * the same: what an action never meets makes no difference in its list of exceptions.
 */
const joinDisjoint = (parts: readonly Part[], reach: Reach): readonly Part[] => {
  const groups: { readonly key: string; part: Part }[] = [];
  for (const part of parts) {
    const key = `${conditionKey(part)} ${part.resources.negated}`;
    const joined = (group: Part): Part => ({
      ...group,
      actions: union([group, part], 'actions'),
      resources: scope(part.resources.negated, [...group.resources.values, ...part.resources.values], 'resources'),
      sources: joinSources(group, part),
    });
    const found = groups.find((group) => group.key === key && disjoint(group.part, part, reach));
    if (found === undefined) groups.push({ key, part });
    else found.part = joined(found.part);
  }
  return groups.map(({ part }) => part);
};

type Step = (parts: readonly Part[]) => readonly Part[];

const untilStable = (parts: readonly Part[], step: Step): readonly Part[] => {
  const next = step(parts);
  return next.length === parts.length ? next : untilStable(next, step);
};

const total = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + charactersOf(part) + 1, 0);

/**
 * Merges parts without changing what they decide, into as few characters as the ways known here reach. Deterministic: the same
 * statements in the same order give the same parts.
 */
export const mergeParts = (parts: readonly Part[], reach: Reach): readonly Part[] => {
  const actionsFirst: Step = (found) => joinBy(joinBy(found, sameResources, joinActions), sameActions, joinResources);
  const resourcesFirst: Step = (found) => joinBy(joinBy(found, sameActions, joinResources), sameResources, joinActions);
  const whole: Step = (found) => found;
  const split: Step = (found) => found.flatMap((part) => splitByService(part, reach));
  const ways = [whole, split].flatMap((first) =>
    [actionsFirst, resourcesFirst].map((join) => {
      const simple = untilStable(first(parts), (found) =>
        withoutCoveredParts(joinTests(join(joinBy(found, same, joinSame)))),
      );
      return untilStable(simple, (found) => withoutCoveredParts(join(joinDisjoint(found, reach))));
    }),
  );
  const lengths = ways.map(total);
  const best = ways[lengths.indexOf(Math.min(...lengths))] ?? parts;
  return best.toSorted((a, b) => (a.sources[0]?.order ?? 0) - (b.sources[0]?.order ?? 0));
};
