import { evaluateDocument } from '../evaluate/document.ts';
import type { PolicyDocument, PolicyType, Statement } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { conditionEntries } from './conditions.ts';
import type { CaseKind, Guardrail, GuardrailCase } from './guardrail.ts';
import { mutantsOf } from './mutants/index.ts';

/** Whether a document denies a request. */
export type Judge = (document: PolicyDocument, type: PolicyType, request: AccessRequest) => boolean;

/** The judge of this package. */
export const ownJudge: Judge = (document, type, request) =>
  evaluateDocument(document, request, type).effect === 'denied';

/** A judge that remembers what each statement said: these documents only deny, so that one statement is enough. */
const remembering = (judge: Judge): Judge => {
  const said = new WeakMap<Statement, WeakMap<AccessRequest, boolean>>();
  return (document, type, request) =>
    document.Statement.some((statement) => {
      const answers = said.get(statement) ?? new WeakMap<AccessRequest, boolean>();
      said.set(statement, answers);
      const answer = answers.get(request) ?? judge({ ...document, Statement: [statement] }, type, request);
      answers.set(request, answer);
      return answer;
    });
};

const isKept = (judge: Judge, { type, document }: Pick<Guardrail, 'type' | 'document'>, one: GuardrailCase): boolean =>
  judge(document, type, one.request) === (one.expect === 'denied');

/** Cases that do not hold, by name. */
export const brokenCases = (
  guardrail: Pick<Guardrail, 'type' | 'document' | 'cases'>,
  judge: Judge = ownJudge,
): readonly string[] =>
  guardrail.cases.filter((one) => !isKept(judge, guardrail, one)).map(({ name, expect }) => `${name}: not ${expect}`);

const alone = (
  { document }: Guardrail,
  sid: string,
): { readonly only: PolicyDocument; readonly rest: PolicyDocument } => ({
  only: { ...document, Statement: document.Statement.filter(({ Sid }) => Sid === sid) },
  rest: { ...document, Statement: document.Statement.filter(({ Sid }) => Sid !== sid) },
});

const requestElements = ({
  action,
  principal,
  resource,
  resourceAccountId = '',
  context,
}: AccessRequest): ReadonlyMap<string, string> =>
  new Map([
    ['action', action],
    ['principal', JSON.stringify(principal)],
    ['resource', resource],
    ['resourceAccountId', resourceAccountId],
    ...Object.entries(context).map(([key, value]): [string, string] => [key, JSON.stringify(value)]),
  ]);

/** In how many elements two requests differ. */
const distance = (a: AccessRequest, b: AccessRequest): number => {
  const [of, to] = [requestElements(a), requestElements(b)];
  return [...new Set([...of.keys(), ...to.keys()])].filter((key) => of.get(key) !== to.get(key)).length;
};

const statementFaults = (guardrail: Guardrail, judge: Judge): readonly string[] =>
  guardrail.document.Statement.flatMap(({ Sid = '', Condition }) => {
    const { type, cases } = guardrail;
    const { only, rest } = alone(guardrail, Sid);
    const own = (kind: CaseKind): readonly GuardrailCase[] =>
      cases.filter((one) => one.statement === Sid && one.kind === kind);
    const decided = own('denied').filter(({ request }) => judge(only, type, request) && !judge(rest, type, request));
    const missed = own('near-miss').filter(
      ({ request }) => !judge(only, type, request) && decided.some((one) => distance(one.request, request) === 1),
    );
    const keys = [...new Set(conditionEntries(Condition).map(({ key }) => key))];
    const given = ({ request }: GuardrailCase, key: string): boolean => (request.context[key]?.length ?? 0) > 0;
    const isMissing = (one: GuardrailCase, key: string): boolean =>
      !given(one, key) && (key !== 'aws:PrincipalArn' || Array.isArray(one.request.context[key]));
    return [
      ...(decided.length === 0 ? [`${Sid} alone decides no denied case`] : []),
      ...(missed.length === 0 ? [`${Sid} has no near miss`] : []),
      ...keys
        .filter((key) => !cases.some((one) => one.kind === 'missing-key' && isMissing(one, key)))
        .map((key) => `${Sid} has no case without ${key}`),
    ];
  });

const kindFaults = ({ cases }: Guardrail): readonly string[] =>
  (['denied', 'allowed'] as const)
    .filter((kind) => !cases.some((one) => one.kind === kind))
    .map((kind) => `no case of the kind ${kind}`);

const mutationFaults = (guardrail: Guardrail, judge: Judge): readonly string[] => {
  const { type, document, cases } = guardrail;
  const noticed = mutantsOf(document).map((mutant) => ({
    ...mutant,
    by: cases.filter((one) => !isKept(judge, { type, document: mutant.document }, one)),
  }));
  const needed = new Set(noticed.flatMap(({ by }) => (by.length === 1 ? by.map(({ name }) => name) : [])));
  return [
    ...noticed.filter(({ mustFail, by }) => mustFail && by.length === 0).map(({ name }) => `no case notices: ${name}`),
    ...cases.filter(({ name }) => !needed.has(name)).map(({ name }) => `redundant: ${name}`),
    ...cases
      .map(({ name }) => name)
      .filter((name, index, all) => all.indexOf(name) !== index)
      .map((name) => `twice: ${name}`),
  ];
};

/**
 * What is wrong with the cases of a guardrail; nothing, when they prove it: all hold; each statement alone decides a denied
 * case and leaves a near miss undecided, one element away; each condition key has a case without it; taking out any statement,
 * condition or value fails a case; and no case is there that some fault would not need.
 * @example
 * ```ts
 * import { denyLeaveOrganization, prove } from '@remedykit/guardrails';
 * console.log(prove(denyLeaveOrganization())); // []
 * ```
 */
export const prove = (guardrail: Guardrail, judge: Judge = ownJudge): readonly string[] => {
  const quick = remembering(judge);
  return [
    ...brokenCases(guardrail, judge),
    ...kindFaults(guardrail),
    ...statementFaults(guardrail, quick),
    ...mutationFaults(guardrail, quick),
  ];
};
