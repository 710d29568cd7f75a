import { actionMatches } from '../evaluate/match-action.ts';
import type { ConditionKeyType, StoredAction, StoredActionData, StoredService } from './stored.ts';

/** One action, as AWS's service authorization reference has it. */
export interface ActionFacts {
  /** `s3:GetObject`. */
  readonly action: string;
  /** `List`, `Read`, `Write`, `Tagging` or `Permissions management`. */
  readonly access: string;
  /** Names of its resource types; none for an action that takes `*` alone. */
  readonly resourceTypes: readonly string[];
  /** Condition keys of its service that a request may carry; global keys come on top. */
  readonly conditionKeys: readonly string[];
}

/** A condition key, as it is written in the reference, and its type. */
export interface ConditionKeyFacts {
  /** `aws:PrincipalTag/${TagKey}` for a family of keys. */
  readonly key: string;
  readonly type: ConditionKeyType;
  /** True for a key that requests to any service may carry. */
  readonly global: boolean;
}

/** What AWS's service authorization reference says of all actions, on a day. */
export interface ActionData {
  /** Day of the source, `2026-09-26`. */
  readonly asOf: string;
  readonly source: string;
  /** Prefixes of all services, `s3`. */
  readonly services: readonly string[];
  /** Prefixes of the services that resource control policies can be about. */
  readonly rcpServices: ReadonlySet<string>;
  /** All actions that a pattern covers (`ec2:Describe*`, `*`), in order of their names; in any case of letters. */
  actionsLike(pattern: string): readonly ActionFacts[];
  /** What a condition key is; undefined for one that AWS does not document. In any case of letters. */
  conditionKey(key: string): ConditionKeyFacts | undefined;
  /** ARN pattern of a resource type of a service, `arn:${Partition}:s3:::${BucketName}`. */
  resourceArn(service: string, resourceType: string): string | undefined;
}

const keysOf = ({ r }: StoredService, [, byType, ...own]: StoredAction): readonly string[] => [
  ...new Set([...own, ...Object.entries(byType).flatMap(([type, keys]) => [...keys, ...(r[type]?.slice(1) ?? [])])]),
];

const factsOf = (prefix: string, service: StoredService): readonly ActionFacts[] =>
  Object.entries(service.a).map(([name, stored]) => ({
    action: `${prefix}:${name}`,
    access: stored[0],
    resourceTypes: Object.keys(stored[1]),
    conditionKeys: keysOf(service, stored),
  }));

const memo = <T>(make: (name: string) => T): ((name: string) => T) => {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    made.set(name, value);
    return value;
  };
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What stands for a name in the key of a family: `aws:PrincipalTag/tag-key`, `s3:RequestObjectTag/<key>`, `${TagKey}`. */
const placeholder = /\$\{[^}]*\}|<[^>]*>|(?<=\/)tag-key$/;

/** Whether a key is the one of the reference, or one of the family that it stands for. */
const ofFamily = (family: string, key: string): boolean => {
  const parts = family.split(placeholder);
  if (parts.length === 1) return family.toLowerCase() === key.toLowerCase();
  return new RegExp(`^${parts.map(escaped).join('.+')}$`, 'i').test(key);
};

const findKey = (
  keys: Readonly<Record<string, ConditionKeyType>>,
  key: string,
  global: boolean,
): ConditionKeyFacts | undefined => {
  const found = Object.entries(keys).find(([family]) => ofFamily(family, key));
  return found && { key: found[0], type: found[1], global };
};

/** Makes stored action data ready to ask. */
export const toActionData = (stored: StoredActionData): ActionData => {
  const { asOf, source, services, globalKeys, keyPrefixes, rcpServices } = stored;
  const prefixes = Object.keys(services);
  const byPrefix = new Map(Object.entries(services));
  const furtherPrefixes = new Map(Object.entries(keyPrefixes));
  const facts = memo((prefix) => {
    const service = byPrefix.get(prefix);
    return service === undefined ? [] : factsOf(prefix, service);
  });
  const conditionKey = memo((key): ConditionKeyFacts | undefined => {
    const lower = key.toLowerCase();
    const word = lower.split(':')[0] ?? '';
    const global = findKey(globalKeys, lower, true);
    if (global !== undefined || word === 'aws') return global;
    // The claims of an OpenID Connect provider are keys under its own name, whoever it is: `gitlab.com:sub`.
    if (word.includes('.') && lower.length > word.length + 1) return { key, type: 'String', global: true };
    return [word, ...(furtherPrefixes.get(word) ?? [])].reduce<ConditionKeyFacts | undefined>(
      (found, prefix) => found ?? findKey(byPrefix.get(prefix)?.k ?? {}, lower, false),
      undefined,
    );
  });
  return {
    asOf,
    source,
    services: prefixes,
    rcpServices: new Set(rcpServices),
    conditionKey,
    actionsLike: memo((pattern) => {
      if (pattern === '*') return prefixes.flatMap(facts);
      const [prefix = ''] = pattern.toLowerCase().split(':');
      const candidates = /[*?]/.test(prefix) ? prefixes.flatMap(facts) : facts(prefix);
      return candidates.filter(({ action }) => actionMatches(pattern, action));
    }),
    resourceArn: (service, resourceType) => byPrefix.get(service)?.r[resourceType]?.[0],
  };
};
