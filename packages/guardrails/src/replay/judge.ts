import type { ActionData } from '../actions/facts.ts';
import { type Exempt, exemption, type PolicySet } from '../evaluate/evaluate.ts';
import type { PolicyType } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { type CalledAction, createActionFinder } from './event/actions.ts';
import { type ReplayEvent, wasDenied } from './event/event.ts';
import { shownKeys } from './event/keys.ts';
import { type Caller, callerOf } from './event/principal.ts';
import { createResourceFinder, type MetResource, namesVersion, ownerOf } from './event/resources.ts';
import { type PossibleVerdict, preparePolicies } from './possible/verdict.ts';
import type { NotEvaluated } from './report.ts';

/** What policies say of one event. */
export type Judgement =
  | { readonly outcome: 'not-evaluated'; readonly why: NotEvaluated }
  | { readonly outcome: 'already-denied' }
  | { readonly outcome: 'exempt'; readonly why: Exempt['reason'] }
  | {
      readonly outcome: 'denied' | 'unknown' | 'allowed';
      readonly caller: Caller;
      /** The action that decided; the first one where nothing denies. `s3:?` where the event is unmapped. */
      readonly action: string;
      readonly resource: string;
      readonly verdict: PossibleVerdict;
      readonly unmapped: boolean;
    };

/** What a judge is made of. */
export interface JudgeOptions {
  readonly policies: PolicySet;
  readonly data: ActionData;
  readonly accounts?: ReadonlySet<string>;
  readonly organizationId?: string;
}

const anything: readonly MetResource[] = [{ arn: '*', exact: false, sure: true }];
const types: readonly PolicyType[] = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY'];

const weightOf = ({ deniedBy, missingAllowAt, open, openAllow }: PossibleVerdict): 'denied' | 'unknown' | 'allowed' => {
  if (deniedBy.length > 0 || missingAllowAt !== undefined) return 'denied';
  return open.length > 0 || openAllow !== undefined ? 'unknown' : 'allowed';
};

/** Says what policies would have done to events, one at a time. Pure but for what it remembers of policies. */
export const createJudge = ({
  policies,
  data,
  accounts,
  organizationId,
}: JudgeOptions): ((event: ReplayEvent) => Judgement) => {
  const prepared = preparePolicies(policies);
  const actionsOf = createActionFinder(data);
  const resourcesOf = createResourceFinder(data);

  /** Types of policies that bind this record's side of the call. */
  const bindingTypes = ({ kind, principal }: Caller, owner: string | undefined, event: ReplayEvent) =>
    types.filter((type) => {
      if (!prepared.has(type)) return false;
      if (type === 'RESOURCE_CONTROL_POLICY')
        return owner === undefined || event.recipient === undefined || owner === event.recipient;
      // Whoever comes by way of an identity provider has no account yet, and so no service control policy.
      if (kind === 'web-identity') return false;
      return kind === 'service' || event.recipient === undefined || ['', event.recipient].includes(principal.accountId);
    });

  const exemptFrom = (type: PolicyType, caller: Caller, owner: string | undefined, action: string) => {
    const request: AccessRequest = {
      action,
      principal: caller.principal,
      resource: '*',
      context: {},
      ...(owner === undefined ? {} : { resourceAccountId: owner }),
    };
    return exemption(request, type, policies.managementAccountId)?.reason;
  };

  return (event) => {
    if (event.type !== 'AwsApiCall') return { outcome: 'not-evaluated', why: 'not-an-api-call' };
    if (accounts !== undefined && !(event.recipient !== undefined && accounts.has(event.recipient)))
      return { outcome: 'not-evaluated', why: 'other-account' };
    const called = actionsOf(event.source, event.name, namesVersion(event));
    if (called.kind === 'free') return { outcome: 'not-evaluated', why: 'no-permission-needed' };
    const caller = callerOf(event);
    const named = ownerOf(event);
    const owner = named ?? event.recipient;
    const binding = bindingTypes(caller, named, event);
    if (binding.length === 0) return { outcome: 'not-evaluated', why: 'other-side' };
    if (wasDenied(event)) return { outcome: 'already-denied' };

    const shownFor = shownKeys(event, caller, named, {
      data,
      ...(organizationId === undefined ? {} : { organizationId }),
    });
    let exempt: Exempt['reason'] | undefined;
    let heaviest: Judgement | undefined;
    const judge = (action: CalledAction | undefined, service: string | undefined): void => {
      const name = action?.action ?? `${service ?? event.source}:?`;
      const reasons = binding.map((type) => exemptFrom(type, caller, owner, name));
      const asking = binding.filter((_, index) => reasons[index] === undefined);
      if (asking.length === 0) {
        exempt ??= reasons[0];
        return;
      }
      const asked = action === undefined ? { service } : { action: name };
      const met =
        action === undefined || !prepared.needsResources(asked)
          ? anything
          : resourcesOf(event, action.facts, action.onShown);
      const verdict = prepared.ask(asked, met, shownFor(action?.facts), asking);
      const outcome = weightOf(verdict);
      const weights = { denied: 2, unknown: 1, allowed: 0 } as const;
      if (heaviest !== undefined && 'verdict' in heaviest && weights[heaviest.outcome] >= weights[outcome]) return;
      const resource = met[0]?.arn ?? '*';
      heaviest = { outcome, caller, action: name, resource, verdict, unmapped: action === undefined };
    };
    if (called.kind === 'unmapped') judge(undefined, called.service);
    else for (const action of called.actions) judge(action, undefined);
    return heaviest ?? { outcome: 'exempt', why: exempt ?? 'service-principal' };
  };
};
