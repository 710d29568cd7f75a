import type { ActionData, ActionFacts } from '../../actions/facts.ts';
import { eventNames } from './event-names.ts';

/** An action that a call needs. */
export interface CalledAction {
  /** `s3:ListBucket`. */
  readonly action: string;
  readonly facts: ActionFacts;
  /** False for an action on resources that the event does not name, as the source of a copy. */
  readonly onShown: boolean;
}

/** What an event called: its actions, or the most that is known where its name is no action and in no table. */
export type CalledActions =
  | { readonly kind: 'mapped'; readonly actions: readonly CalledAction[] }
  | { readonly kind: 'unmapped'; readonly service: string | undefined }
  /** A call that needs no permission. */
  | { readonly kind: 'free' };

/** The version of an API behind the name of an event: `20150331`, `20150331v2`, `2015_07_27`. */
const version = /(19|20)\d{2}_?\d{2}_?\d{2}(v\d+)?$/;

/** API Gateway's actions are methods of HTTP. Source: its developer guide, "How API Gateway works with IAM". */
const gatewayMethod = (event: string): string | undefined => {
  if (/^(Get|Export)/.test(event)) return 'GET';
  if (/^(Create|Import|Generate|TestInvoke)/.test(event)) return 'POST';
  if (event.startsWith('Update')) return 'PATCH';
  if (/^(Put|Reimport|Tag)/.test(event)) return 'PUT';
  return /^(Delete|Flush|Untag|Reset)/.test(event) ? 'DELETE' : undefined;
};

/** Finds the actions of an event by its source and its name; what it is asked often is remembered. */
export const createActionFinder = (
  data: ActionData,
): ((source: string, name: string, versioned: boolean) => CalledActions) => {
  const { prefixes, services, free } = eventNames.data;
  const known = new Set(data.services);
  const single = (action: string): ActionFacts | undefined =>
    /[*?]/.test(action) ? undefined : data.actionsLike(action)[0];

  const prefixOf = (source: string): string | undefined => {
    const host = source.toLowerCase().replace(/\.amazonaws\.com(\.cn)?$/, '');
    const prefix = prefixes[host] ?? host;
    return known.has(prefix) ? prefix : undefined;
  };
  const namesOf = (service: string, event: string, versioned: boolean): readonly (readonly [string, boolean])[] => {
    const { actions = {}, also = {}, versioned: ofVersions = {} } = services[service] ?? {};
    const ofTable = Object.hasOwn(actions, event) ? (actions[event] ?? []) : [event];
    const own = ofTable.map((name) => (versioned ? (ofVersions[name] ?? name) : name));
    const others = Object.hasOwn(also, event) ? (also[event] ?? []) : [];
    return [...own.map((name) => [name, true] as const), ...others.map((name) => [name, false] as const)];
  };
  const find = (source: string, event: string, versioned: boolean): CalledActions => {
    const service = prefixOf(source);
    if (service === undefined) return { kind: 'unmapped', service: undefined };
    if (free.includes(`${service}:${event}`)) return { kind: 'free' };
    const method = service === 'apigateway' && single(`apigateway:${event}`) === undefined && gatewayMethod(event);
    const candidates = [typeof method === 'string' ? method : event, event.replace(version, '')];
    for (const candidate of candidates) {
      const actions = namesOf(service, candidate, versioned).flatMap(([name, onShown]) => {
        const facts = single(`${service}:${name}`);
        return facts === undefined ? [] : [{ action: facts.action, facts, onShown }];
      });
      if (actions.length > 0) return { kind: 'mapped', actions };
    }
    return { kind: 'unmapped', service };
  };

  const memo = new Map<string, CalledActions>();
  return (source, name, versioned) => {
    const key = `${source} ${name} ${versioned}`;
    const before = memo.get(key);
    if (before !== undefined) return before;
    const found = find(source, name, versioned);
    // Names are of whoever wrote the log: bounded.
    if (memo.size >= 20_000) memo.clear();
    memo.set(key, found);
    return found;
  };
};
