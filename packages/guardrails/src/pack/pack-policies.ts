import type { ActionData } from '../actions/facts.ts';
import { loadActionData } from '../actions.ts';
import { descriptionCharacters, reservedSlots } from '../data/attachments.ts';
import { policyQuotas } from '../data/quotas.ts';
import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import { policyTypeOf } from '../policy/type-of.ts';
import { invalidParameter } from '../templates/invalid.ts';
import { documentCharacters, fillPolicies, lengthWith, splitTooLong } from './bins.ts';
import { tooMany } from './error.ts';
import { mergeParts } from './merge.ts';
import { type Part, partOf, type Source, statementOf } from './part.ts';
import { reachOf } from './reach.ts';
import { checkForm, readControlPolicy } from './read.ts';
import type { PackReport, PolicySize, SlotUse, TracedStatement } from './report.ts';
import { sidsOf } from './sid.ts';
import { withWildcards } from './wildcards.ts';

/** A document with what is known of it; a guardrail is one. */
export interface DocumentToPack {
  readonly document: PolicyDocument;
  /** Told by the document where absent. */
  readonly type?: PolicyType;
  /** What names it in Sids and in the report. */
  readonly id?: string;
}

/** What `packPolicies` takes: guardrails, documents with a name or a type, or bare documents. */
export type Packable = DocumentToPack | PolicyDocument;

/** How policies are packed. */
export interface PackOptions {
  /** Start of the policies' names: `remedykit` gives `remedykit-scp-1`. Letters, digits and hyphens; default `guardrails`. */
  readonly name?: string;
  /** Places on a target that others take. Default: one, for the full access policy of AWS; under Control Tower three for SCPs. */
  readonly reserved?: Readonly<Partial<Record<PolicyType, number>>>;
  /** Characters of one policy, where they differ from AWS's quota: lower, or raised for the organisation. */
  readonly characters?: Readonly<Partial<Record<PolicyType, number>>>;
  /**
   * `as-written` by default: no action gets a wildcard that it had not. `documented` writes denied actions with wildcards that
   * cover the same documented actions and no other, as of `data`; an action that AWS adds later may be denied with them.
   */
  readonly wildcards?: 'as-written' | 'documented';
  /** The actions of AWS; those of this package by default. */
  readonly data?: ActionData;
}

/** A policy that is ready to attach. Plain data. */
export interface PackedPolicy {
  readonly name: string;
  readonly type: PolicyType;
  /** At most 512 characters, as AWS takes them. */
  readonly description: string;
  readonly document: PolicyDocument;
  /** The document as text without white space, as its characters are counted. */
  readonly content: string;
}

/** Policies, and how full they are. Plain data. */
export interface PackedPolicies {
  readonly policies: readonly PackedPolicy[];
  readonly report: PackReport;
}

interface Given {
  readonly document: PolicyDocument;
  readonly type: PolicyType;
  readonly id?: string;
}

const givenOf = (one: Packable, index: number): Given => {
  const found: DocumentToPack = 'document' in one ? one : { document: one };
  const where = found.id ?? `policy ${index + 1}`;
  const document = readControlPolicy(found.document, where);
  const type = found.type ?? policyTypeOf(document);
  checkForm(document, type, where);
  return { document, type, ...(found.id === undefined ? {} : { id: found.id }) };
};

const words = { SERVICE_CONTROL_POLICY: 'scp', RESOURCE_CONTROL_POLICY: 'rcp' } as const;

const describe = (sources: readonly Source[]): string => {
  const names = [...new Set(sources.flatMap(({ policy, sid }) => policy ?? sid ?? []))];
  const fits = (count: number): string => {
    const left = names.length - count;
    return `${names.slice(0, count).join(', ')}${left === 0 ? '' : `${count === 0 ? '' : ' and '}${left} more`}`;
  };
  // A name itself can be as long as it likes, and AWS takes no more characters than these.
  const count = names.findLastIndex((_, index) => fits(index + 1).length <= descriptionCharacters) + 1;
  return fits(count);
};

interface PackedType {
  readonly policies: readonly PackedPolicy[];
  readonly sizes: readonly PolicySize[];
  readonly slots: SlotUse;
  readonly statements: readonly TracedStatement[];
}

const packType = (type: PolicyType, parts: readonly Part[], options: PackOptions): PackedType => {
  const { name = 'guardrails', wildcards = 'as-written', data = loadActionData() } = options;
  const quota = options.characters?.[type] ?? policyQuotas.data[type].characters;
  const reserved = options.reserved?.[type] ?? reservedSlots.data[type].fullAccess;
  const attached = policyQuotas.data[type].attached ?? 0;
  const merged = mergeParts(parts, reachOf(data));
  const written = wildcards === 'documented' ? merged.map((part) => withWildcards(part, data)) : merged;
  // The longest Sid that a part can get: its own with a number.
  const longest = new Map(sidsOf(written.map(({ sources }) => sources)).map((sid, index) => [written[index], sid]));
  const fitting = written.flatMap((part) =>
    splitTooLong(
      part,
      quota - documentCharacters,
      lengthWith(() => `${longest.get(part) ?? ''}${written.length > 99 ? '0000' : '00'}`),
    ),
  );
  const sids = sidsOf(fitting.map(({ sources }) => sources));
  const placed = fitting.map((part, index) => ({ part, statement: statementOf(part, sids[index]) }));
  const filled = fillPolicies(placed, quota);
  if (filled.length > attached - reserved)
    throw tooMany(
      `${filled.length} policies of type ${type} are needed, and ${Math.max(0, attached - reserved)} may be attached to a target beside ${reserved} reserved (as of ${policyQuotas.asOf}). Attach some guardrails to the root and others to units, or allow wildcards: "documented".`,
    );
  const policies = filled.map((bin, index): PackedPolicy => {
    const document: PolicyDocument = { Version: '2012-10-17', Statement: bin.map(({ statement }) => statement) };
    const description = describe(bin.flatMap(({ part }) => part.sources));
    return {
      name: `${name}-${words[type]}-${index + 1}`,
      type,
      description,
      document,
      content: JSON.stringify(document),
    };
  });
  return {
    policies,
    sizes: policies.map(({ name: policy, document, content }) => ({
      name: policy,
      type,
      statements: document.Statement.length,
      characters: content.length,
      quota,
      headroom: quota - content.length,
    })),
    slots: { type, used: filled.length, reserved, quota: attached, headroom: attached - reserved - filled.length },
    statements: filled.flatMap((bin, index) =>
      bin.map(({ part, statement }) => ({
        policy: policies[index]?.name ?? '',
        sid: statement.Sid ?? '',
        sources: part.sources.map(({ order: _, ...source }) => source),
      })),
    ),
  };
};

const checkOptions = ({ name = 'guardrails', reserved = {}, characters = {} }: PackOptions): void => {
  if (!/^[A-Za-z0-9-]{1,100}$/.test(name))
    throw invalidParameter('packPolicies', `name must be 1 to 100 letters, digits and hyphens, it is "${name}".`);
  for (const [what, limits] of Object.entries({ reserved, characters }))
    for (const limit of Object.values(limits))
      if (!Number.isInteger(limit) || limit < 0)
        throw invalidParameter('packPolicies', `${what} must be a whole number from 0, it is ${limit}.`);
};

/**
 * Packs policies for one target into as few as AWS's quotas allow: without white space, with statements merged where what they
 * decide stays the same, split where they are too long. Deterministic. The report says what room is left, and which Sid came from
 * which guardrails.
 *
 * Statements merge when they differ in one element (not in NotAction or NotResource, which have no sum), or when no action of
 * one can meet a resource of the other; what actions can meet is read from the dated action data.
 *
 * @throws RemediationError `POLICY_TOO_LONG` for a statement that fits into no policy and cannot be split,
 * `POLICY_SLOTS_EXCEEDED` when there are more policies than may be attached, `POLICY_INVALID` for a document that AWS would
 * refuse, `GUARDRAIL_PARAMETER_INVALID`, `ACTION_DATA_UNREADABLE`
 * @example
 * ```ts
 * import { denyLeaveOrganization, packPolicies, protectGuardDuty } from '@remedykit/guardrails';
 *
 * const { policies, report } = packPolicies([denyLeaveOrganization(), protectGuardDuty()]);
 * for (const { name, content } of policies) console.log(name, content.length);
 * console.log(report.slots);
 * ```
 */
export const packPolicies = (guardrails: readonly Packable[], options: PackOptions = {}): PackedPolicies => {
  checkOptions(options);
  const given = guardrails.map(givenOf);
  const parts = given.flatMap(({ document, type, id }) =>
    document.Statement.map((statement) => ({ type, id, statement })),
  );
  const types = (['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const).filter((type) =>
    given.some((one) => one.type === type),
  );
  const packed = types.map((type) =>
    packType(
      type,
      parts.flatMap(({ type: own, id, statement }, order) =>
        own === type
          ? [
              partOf(statement, {
                order,
                ...(id === undefined ? {} : { policy: id }),
                ...(statement.Sid === undefined ? {} : { sid: statement.Sid }),
              }),
            ]
          : [],
      ),
      options,
    ),
  );
  return {
    policies: packed.flatMap(({ policies }) => policies),
    report: {
      asOf: policyQuotas.asOf,
      policies: packed.flatMap(({ sizes }) => sizes),
      slots: packed.map(({ slots }) => slots),
      characters: packed.reduce(
        (sum, { sizes }) => sum + sizes.reduce((all, { characters }) => all + characters, 0),
        0,
      ),
      unpackedCharacters: given.reduce((sum, { document }) => sum + JSON.stringify(document).length, 0),
      statements: packed.flatMap(({ statements }) => statements),
    },
  };
};
