import type { Statement } from '../policy/document.ts';
import { listOf } from '../policy/list.ts';
import type { AccessRequest, Principal } from '../policy/request.ts';
import { arnParts } from './arn.ts';
import { conditionEntries, holdsWithout } from './conditions.ts';
import type { Ask, Change, StatementDraft } from './draft.ts';
import { caseAccount, exampleOf, globMatches } from './glob.ts';
import type { CaseKind, GuardrailCase } from './guardrail.ts';
import { invalidParameter } from './invalid.ts';

/** A principal by its ARN. */
export const principalOf = (arn: string): Principal => ({ arn, accountId: arnParts(arn).account });

/** What all cases of a guardrail share. */
export interface CaseWorld {
  readonly id: string;
  readonly partition: string;
  /** Patterns of the exempted principals. */
  readonly exempted: readonly string[];
  /** What policy variables of the document stand for. */
  readonly tags: AccessRequest['context'];
}

/** Keys that follow from the principal: to leave one out, a request says that it has no value. */
const derived = new Set(['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalIsAWSService']);

const bystander = ({ id, partition, exempted }: CaseWorld, accountId: string): Principal => {
  const arn = ['role/Developer', 'role/Workload', 'role/team/Analyst', 'user/dana']
    .map((name) => `arn:${partition}:iam::${accountId}:${name}`)
    .find((candidate) => !exempted.some((pattern) => globMatches(pattern, candidate)));
  if (arn === undefined)
    throw invalidParameter(id, `the exemptions ${exempted.join(', ')} leave nobody for whom the guardrail holds.`);
  return principalOf(arn);
};

/** The whole request that an ask stands for. */
export const requestOf = (world: CaseWorld, ask: Ask): AccessRequest => {
  const { action, resource = '*', context = {}, principal, resourceAccountId } = ask;
  const { account } = arnParts(resource);
  return {
    action,
    principal: principal ?? bystander(world, /^\d{12}$/.test(account) ? account : caseAccount),
    resource,
    ...(resourceAccountId === undefined ? {} : { resourceAccountId }),
    context: { ...world.tags, ...context },
  };
};

/** The ask with its principal spelled out, so that what changes one element of it changes no other. */
const settled = (world: CaseWorld, ask: Ask): Ask => ({ ...ask, principal: requestOf(world, ask).principal });

const changed = (ask: Ask, change: Change): Ask => {
  if (!('context' in change)) return { ...ask, ...change };
  const context: Record<string, string | readonly string[]> = {};
  for (const [key, value] of Object.entries({ ...ask.context, ...change.context })) {
    if (value !== undefined) context[key] = value;
    else if (derived.has(key)) context[key] = [];
  }
  return { ...ask, context };
};

const wordsOf = (change: Change): string => {
  if ('action' in change) return change.action;
  if ('resource' in change) return `${change.resource}`;
  if ('principal' in change) return `${change.principal.arn}`;
  return Object.entries(change.context)
    .map(([key, value]) => (value === undefined ? `a request without ${key}` : `${key} = ${listOf(value).join(', ')}`))
    .join(', ');
};

const caseOf = (
  world: CaseWorld,
  {
    kind,
    name,
    ask,
    expect,
    sid,
  }: { kind: CaseKind; name: string; ask: Ask; expect: GuardrailCase['expect']; sid?: string },
): GuardrailCase => ({
  name,
  kind,
  request: requestOf(world, ask),
  expect,
  ...(sid === undefined ? {} : { statement: sid }),
});

const shortAsk = ({ action, resource }: Ask): string => (resource === undefined ? action : `${action} on ${resource}`);

/** The ask in words, with its context where others are about the same action and resource. */
const distinctAsk = (ask: Ask, all: readonly Ask[]): string => {
  const alike = all.filter((other) => shortAsk(other) === shortAsk(ask));
  if (alike.length < 2) return shortAsk(ask);
  const context = Object.entries(ask.context ?? {}).filter(([key, value]) =>
    alike.some((other) => listOf(other.context?.[key]).join() !== listOf(value).join()),
  );
  const who = alike.every(({ principal }) => principal?.arn === ask.principal?.arn) ? [] : [`by ${ask.principal?.arn}`];
  return [shortAsk(ask), ...who, ...context.map(([key, value]) => `${key} = ${listOf(value).join(', ')}`)].join(', ');
};

const missingKeyCases = (world: CaseWorld, draft: StatementDraft, statement: Statement): readonly GuardrailCase[] => {
  const base = settled(world, draft.denied[0]);
  const entries = conditionEntries(statement.Condition);
  const keys = [...new Set(entries.map(({ key }) => key))];
  return keys
    .filter((key) => draft.provenElsewhere?.keys?.includes(key) !== true)
    .map((key) => {
      const denied = entries.every((entry) => entry.key !== key || holdsWithout(entry.operator, entry.values));
      return caseOf(world, {
        kind: 'missing-key',
        name: `${draft.sid} ${denied ? 'denies' : 'leaves'} ${shortAsk(base)} without ${key}`,
        // A key that follows from the principal can be looked at only in requests that have one.
        ask: changed(base, { context: { [key]: undefined } }),
        expect: denied ? 'denied' : 'undecided',
        sid: draft.sid,
      });
    });
};

/** A user or role that an exemption covers, as it would ask. */
const exemptCases = (
  world: CaseWorld,
  draft: StatementDraft,
  exempted: { readonly principals: readonly string[]; readonly resources: readonly string[] },
): readonly GuardrailCase[] => {
  const base = settled(world, draft.denied[0]);
  const leave = (change: Change): GuardrailCase =>
    caseOf(world, {
      kind: 'exempt',
      name: `${draft.sid} leaves the exempt ${wordsOf(change)}`,
      ask: changed(base, change),
      expect: 'undecided',
      sid: draft.sid,
    });
  return [
    ...(draft.provenElsewhere?.exempt === true ? [] : exempted.principals).map((arn) =>
      leave({ principal: principalOf(exampleOf(arn)) }),
    ),
    ...exempted.resources.map((arn) => leave({ resource: exampleOf(arn) })),
  ];
};

/** The cases of one statement. */
export const statementCases = (
  world: CaseWorld,
  draft: StatementDraft,
  {
    statement,
    exempted,
  }: {
    readonly statement: Statement;
    readonly exempted: { readonly principals: readonly string[]; readonly resources: readonly string[] };
  },
): readonly GuardrailCase[] => [
  ...draft.denied.map((ask) =>
    caseOf(world, {
      kind: 'denied',
      name: `${draft.sid} denies ${distinctAsk(ask, draft.denied)}`,
      ask,
      expect: 'denied',
      sid: draft.sid,
    }),
  ),
  ...draft.nearMisses.map((change) =>
    caseOf(world, {
      kind: 'near-miss',
      name: `${draft.sid} leaves ${wordsOf(change)}`,
      ask: changed(settled(world, draft.denied[0]), change),
      expect: 'undecided',
      sid: draft.sid,
    }),
  ),
  ...exemptCases(world, draft, exempted),
  ...missingKeyCases(world, draft, statement),
];

/** A request of everyday work that the guardrail must leave alone. */
export const allowedCase = (world: CaseWorld, ask: Ask): GuardrailCase =>
  caseOf(world, { kind: 'allowed', name: `leaves ${shortAsk(ask)}`, ask, expect: 'undecided' });

/** An action that an exemption takes out of the guardrail. */
export const exemptActionCase = (world: CaseWorld, ask: Ask, sid: string): GuardrailCase =>
  caseOf(world, { kind: 'exempt', name: `${sid} leaves the exempt ${shortAsk(ask)}`, ask, expect: 'undecided', sid });
