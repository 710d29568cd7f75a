import type { ActionData } from '../actions/facts.ts';
import { loadActionData } from '../actions.ts';
import { evaluateDocument } from '../evaluate/document.ts';
import type { DocumentToPack } from '../pack/pack-policies.ts';
import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { policyTypeOf } from '../policy/type-of.ts';
import { exampleRequests } from './example-requests.ts';

/** Actions on which two sets of policies differ by the same statements, and an example. */
export interface PolicyDifference {
  readonly type: PolicyType;
  /** What the second set does that the first does not. */
  readonly change: 'denied' | 'allowed';
  readonly actions: readonly string[];
  /** A request for the first of the actions. */
  readonly example: AccessRequest;
  /** Sids of the statements that deny, of the set that does. Empty where they have none, or where an allowance is missing. */
  readonly sids: readonly string[];
}

/** How two sets of policies differ, by what they say of example requests. */
export interface PolicyComparison {
  /** How many requests both were asked about. */
  readonly requests: number;
  /** One for each change and the statements that make it. */
  readonly differences: readonly PolicyDifference[];
}

interface SetVerdict {
  readonly denied: boolean;
  readonly sids: readonly string[];
}

const documentsOf = (set: readonly DocumentToPack[], type: PolicyType): readonly PolicyDocument[] =>
  set.flatMap(({ document, type: own = policyTypeOf(document) }) => (own === type ? [document] : []));

/**
 * What the policies of one target say together. A set that allows something denies what none of its policies allows; any other
 * is taken to come with the full access policy of AWS.
 */
const verdictOf = (documents: readonly PolicyDocument[], request: AccessRequest, type: PolicyType): SetVerdict => {
  const needsAllow = documents.some(({ Statement }) => Statement.some(({ Effect }) => Effect === 'Allow'));
  const verdicts = documents.map((document) => evaluateDocument(document, request, type));
  const denials = verdicts.filter(({ effect }) => effect === 'denied').flatMap(({ statements }) => statements);
  const allowed = verdicts.some(({ effect }) => effect === 'allowed');
  return {
    denied: denials.length > 0 || (needsAllow && !allowed),
    sids: [...new Set(denials.flatMap(({ sid }) => (sid === undefined ? [] : [sid])))],
  };
};

/**
 * Compares two sets of policies for one target: what becomes denied and what becomes allowed from the first to the second, by
 * evaluated examples that are generated from both. No difference found is no proof that there is none.
 * @throws RemediationError `ACTION_DATA_UNREADABLE`
 */
export const comparePolicies = (
  before: readonly DocumentToPack[],
  after: readonly DocumentToPack[],
  data: ActionData = loadActionData(),
): PolicyComparison => {
  const found = new Map<string, PolicyDifference & { readonly actions: string[] }>();
  let requests = 0;
  for (const type of ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'] as const) {
    const [one, other] = [documentsOf(before, type), documentsOf(after, type)];
    if (one.length + other.length === 0) continue;
    for (const request of exampleRequests([...one, ...other], data)) {
      requests += 1;
      const [was, is] = [verdictOf(one, request, type), verdictOf(other, request, type)];
      if (was.denied === is.denied) continue;
      const change = is.denied ? 'denied' : 'allowed';
      const { sids } = is.denied ? is : was;
      const key = JSON.stringify([type, change, sids]);
      const known = found.get(key) ?? { type, change, sids, actions: [], example: request };
      if (!known.actions.includes(request.action)) known.actions.push(request.action);
      found.set(key, known);
    }
  }
  const order = ({ type, change, sids }: PolicyDifference): string => `${change} ${type} ${sids.join()}`;
  return { requests, differences: [...found.values()].toSorted((a, b) => (order(a) < order(b) ? -1 : 1)) };
};
