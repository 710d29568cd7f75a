import { evaluateDocument } from '../evaluate/document.ts';
import type { PolicyDocument, PolicyType, Statement } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { allowedCase, type CaseWorld, statementCases } from './cases.ts';
import { bothConditions } from './conditions.ts';
import type { Ask, StatementDraft } from './draft.ts';
import { type ExemptionKind, type ResolvedExemptions, resolveExemptions } from './exemptions.ts';
import { globMatches } from './glob.ts';
import type { Exemptions, Guardrail, GuardrailCase } from './guardrail.ts';
import { invalidParameter } from './invalid.ts';
import { type Partition, parsePartition } from './names.ts';
import { resolved } from './placeholder.ts';
import { protectExempt } from './protect-exempt.ts';

/** What every template takes. */
export interface CommonParameters {
  /** Who is left alone, with reason and end. */
  readonly exemptions?: Exemptions;
  /** `aws` by default. */
  readonly partition?: Partition;
  /** When the exemptions are judged: what has expired is left out. Default: now. */
  readonly now?: Date;
}

/** What a template is built with, once its common parameters are checked. */
export interface TemplateScope {
  readonly id: string;
  readonly type: PolicyType;
  readonly partition: Partition;
  readonly exempt: ResolvedExemptions;
}

/** Opens a template: checks what all of them take. */
export const templateScope = (
  id: string,
  { exemptions, partition = 'aws', now = new Date() }: CommonParameters,
  {
    type = 'SERVICE_CONTROL_POLICY',
    takes = ['exemptedPrincipalArns'],
  }: { readonly type?: PolicyType; readonly takes?: readonly ExemptionKind[] } = {},
): TemplateScope => {
  const checked = parsePartition(id, partition);
  const protects = type === 'SERVICE_CONTROL_POLICY';
  return {
    id,
    type,
    partition: checked,
    exempt: resolveExemptions(id, exemptions, { takes, partition: checked, now, protects }),
  };
};

/** One value stands alone: the shorter form, and the same to IAM. */
const short = (list: readonly string[]): string | readonly string[] => {
  const [first] = list;
  return list.length === 1 && first !== undefined ? first : list;
};

const exemptedBy = ({ exempts }: StatementDraft, { principals }: ResolvedExemptions): readonly string[] => {
  if (exempts === 'none') return [];
  return exempts === undefined ? principals : principals.filter(exempts);
};

const statementOf = (draft: StatementDraft, { type, exempt }: TemplateScope): Statement => {
  const { sid, action, notAction, resource = ['*'], notResource, condition = {}, exemptsResources } = draft;
  const principals = exemptedBy(draft, exempt);
  const left = [...(notResource ?? []), ...(exemptsResources === true ? exempt.resources : [])];
  const conditions =
    principals.length === 0 ? condition : bothConditions(condition, { ArnNotLike: { 'aws:PrincipalArn': principals } });
  const shortConditions = Object.fromEntries(
    Object.entries(bothConditions(conditions, {})).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, values]) => [key, short(typeof values === 'string' ? [values] : values)]),
      ),
    ]),
  );
  return {
    Sid: sid,
    Effect: 'Deny',
    ...(type === 'RESOURCE_CONTROL_POLICY' ? { Principal: '*' as const } : {}),
    ...(action === undefined ? {} : { Action: short(action) }),
    ...(notAction === undefined ? {} : { NotAction: short(notAction) }),
    ...(left.length > 0 ? { NotResource: short(left) } : { Resource: short(resource) }),
    ...(Object.keys(shortConditions).length === 0 ? {} : { Condition: shortConditions }),
  };
};

/** A value for each policy variable in a document, so that its cases can tell. */
const tagsOf = (document: PolicyDocument): AccessRequest['context'] =>
  Object.fromEntries(
    [
      ...JSON.stringify(document).matchAll(/\$\{(aws:(?:PrincipalTag|ResourceTag)\/[^}]*|aws:username|aws:userid)\}/g),
    ].map(([, key = '']) => [key, 'red']),
  );

const checkManagersExempt = (id: string, { principals, managed }: ResolvedExemptions): void => {
  for (const arn of managed.flatMap(({ managedBy }) => managedBy)) {
    if (!principals.some((pattern) => globMatches(pattern, arn)))
      throw invalidParameter(id, `"${arn}" manages exempt principals but is stopped itself: exempt it as well.`);
  }
};

/** What a template says besides its statements. */
export interface TemplateBody {
  readonly statements: readonly StatementDraft[];
  readonly allowed: readonly [Ask, ...Ask[]];
  /** What a request carries that no condition of the statements is about: a known network, MFA. */
  readonly neutral?: AccessRequest['context'];
  /** Set where the statements stop IAM changes too: then who manages exempt principals must be exempt himself. */
  readonly stopsIam?: boolean;
  /** Cases that the statements' own do not cover. */
  readonly more?: (world: CaseWorld) => readonly GuardrailCase[];
}

/**
 * Builds a guardrail from its statements: the exemptions' conditions, the protection of wildcard exemptions, the cases.
 * @throws RemediationError `GUARDRAIL_PLACEHOLDER` when any text of the document is a placeholder
 */
export const buildGuardrail = (
  scope: TemplateScope,
  { statements, allowed, neutral = {}, stopsIam = false, more }: TemplateBody,
): Guardrail => {
  const { id, type, partition, exempt } = scope;
  const used = statements.some((draft) => exemptedBy(draft, exempt).length > 0);
  if (stopsIam) checkManagersExempt(id, exempt);
  const own = statements.map((draft) => ({ draft, statement: statementOf(draft, scope) }));
  const protection = used ? protectExempt(exempt.managed, { context: neutral, stopsIam }) : [];
  const built = [...own, ...protection.map((draft) => ({ draft, statement: statementOf(draft, scope) }))];
  const document: PolicyDocument = { Version: '2012-10-17', Statement: built.map(({ statement }) => statement) };
  resolved(id, JSON.stringify(document).replace(/[[\]]/g, ''));
  const world = { id, partition, exempted: exempt.principals, tags: tagsOf(document) };
  const cases = built.flatMap(({ draft, statement }) =>
    statementCases(world, draft, {
      statement,
      exempted: {
        principals: exemptedBy(draft, exempt),
        resources: draft.exemptsResources === true ? exempt.resources : [],
      },
    }),
  );
  // Who manages an exempt principal may be denied by another statement: then there is nothing to leave undecided.
  const managers = new Set(protection.map(({ sid }) => sid));
  const moot = ({ statement = '', kind, request }: GuardrailCase): boolean => {
    if (kind !== 'near-miss' || !managers.has(statement)) return false;
    const others = { ...document, Statement: document.Statement.filter(({ Sid }) => Sid !== statement) };
    return evaluateDocument(others, request, type).effect === 'denied';
  };
  return {
    id,
    type,
    document,
    cases: [
      ...cases.filter((one) => !moot(one)),
      ...allowed.map((ask) => allowedCase(world, ask)),
      ...(more?.(world) ?? []),
    ],
  };
};
