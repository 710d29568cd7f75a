import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import type { AccessRequest } from '../policy/request.ts';
import { type RequestKeys, requestKeys } from './context.ts';
import { type AppliedStatement, documentVerdict } from './document.ts';
import { explain } from './explain.ts';

/** A policy that is attached somewhere. */
export interface AttachedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** One place in the organisation, with what is attached there. */
export interface PolicyLevel {
  /** `root`, an organisational unit, or an account: whatever tells it apart in a result. */
  readonly target: string;
  readonly policies: readonly AttachedPolicy[];
}

/** The policies of an organisation that bear on one request. */
export interface PolicySet {
  /**
   * Service control policies on the path of the principal's account: the root first, each organisational unit, the
   * account last, with `FullAWSAccess` where it is attached. Leave out for a principal of another organisation.
   */
  readonly serviceControlPolicies?: readonly PolicyLevel[];
  /** Resource control policies on the path of the resource's account; `RCPFullAWSAccess` goes without saying. */
  readonly resourceControlPolicies?: readonly PolicyLevel[];
  /** Neither its principals nor its resources are restricted. */
  readonly managementAccountId?: string;
}

/** The statement that decided, and where it is attached. */
export interface DecidingStatement extends AppliedStatement {
  readonly type: PolicyType;
  readonly target: string;
  readonly policy: string;
}

/** What the policies of an organisation say of a request. */
export interface Evaluation {
  /** `allowed`: nothing here stands in the way. It grants nothing: identity and resource policies do. */
  readonly verdict: 'allowed' | 'explicitly-denied' | 'implicitly-denied';
  /** Every statement that denies; empty unless explicitly denied. */
  readonly deniedBy: readonly DecidingStatement[];
  /** The first level of service control policies that allows nothing of the kind; only when implicitly denied. */
  readonly missingAllowAt?: string;
  /** Why policies of a type were not applied. */
  readonly exempt: readonly Exempt[];
  /** One sentence for people. */
  readonly reason: string;
}

/** Policies of a type that do not bear on a request, and why. */
export interface Exempt {
  readonly type: PolicyType;
  readonly reason: 'management-account' | 'service-linked-role' | 'service-principal' | 'kms-retire-grant';
}

/** A service control policy that lets everything through. AWS attaches it everywhere by default. */
export const fullAwsAccess: AttachedPolicy = {
  name: 'FullAWSAccess',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

const roleOfService = /^arn:[^:]+:(iam::\d+:role\/aws-service-role\/|sts::\d+:assumed-role\/AWSServiceRoleFor)/;

/** True for a service-linked role or its session: as the request says, else by its ARN. */
export const isServiceLinkedRole = ({ arn, serviceLinkedRole }: AccessRequest['principal']): boolean =>
  serviceLinkedRole ?? roleOfService.test(arn);

/** Why policies of this type leave the request alone, if they do. Source: AWS Organizations User Guide. */
export const exemption = (
  request: AccessRequest,
  type: PolicyType,
  management: string | undefined,
): Exempt | undefined => {
  const { principal, resourceAccountId = principal.accountId, action } = request;
  if (isServiceLinkedRole(principal)) return { type, reason: 'service-linked-role' };
  const scp = type === 'SERVICE_CONTROL_POLICY';
  if (management !== undefined && (scp ? principal.accountId : resourceAccountId) === management)
    return { type, reason: 'management-account' };
  if (scp && principal.service !== undefined) return { type, reason: 'service-principal' };
  return !scp && action.toLowerCase() === 'kms:retiregrant' ? { type, reason: 'kms-retire-grant' } : undefined;
};

interface LevelVerdict {
  readonly target: string;
  readonly allowed: boolean;
  readonly denies: readonly DecidingStatement[];
}

const levelVerdict = (
  { target, policies }: PolicyLevel,
  request: AccessRequest,
  options: { readonly type: PolicyType; readonly keys: RequestKeys },
): LevelVerdict => {
  const { type } = options;
  const verdicts = policies.map(({ name, document }) => ({ name, ...documentVerdict(document, request, options) }));
  return {
    target,
    allowed: verdicts.some(({ effect }) => effect === 'allowed'),
    denies: verdicts.flatMap(({ name, effect, statements }) =>
      effect === 'denied' ? statements.map((statement) => ({ ...statement, type, target, policy: name })) : [],
    ),
  };
};

/**
 * Evaluates service and resource control policies as AWS does: a deny on any level wins; a service control policy must
 * allow on every level from the root to the account; resource control policies only deny. The management account and
 * service-linked roles are exempt, and the call of an AWS service with its own identity from service control policies.
 * Sources: AWS Organizations User Guide, "SCP evaluation" and "RCP evaluation"; IAM User Guide, "Policy evaluation logic".
 *
 * Pure, and without dependencies. Keys that follow from the principal (`aws:PrincipalArn`, …) need not be given.
 */
export const evaluate = (request: AccessRequest, policies: PolicySet): Evaluation => {
  const exempt: Exempt[] = [];
  const keys = requestKeys(request);
  const verdictsOf = (levels: readonly PolicyLevel[] | undefined, type: PolicyType): readonly LevelVerdict[] => {
    if (levels === undefined) return [];
    const exemptBy = exemption(request, type, policies.managementAccountId);
    if (exemptBy !== undefined) exempt.push(exemptBy);
    return exemptBy === undefined ? levels.map((level) => levelVerdict(level, request, { type, keys })) : [];
  };
  const scps = verdictsOf(policies.serviceControlPolicies, 'SERVICE_CONTROL_POLICY');
  const rcps = verdictsOf(policies.resourceControlPolicies, 'RESOURCE_CONTROL_POLICY');
  const deniedBy = [...scps, ...rcps].flatMap(({ denies }) => denies);
  const missing = scps.find(({ allowed, denies }) => !allowed && denies.length === 0)?.target;
  const found = { deniedBy, exempt };
  const outcome: Omit<Evaluation, 'reason'> =
    deniedBy.length > 0
      ? { verdict: 'explicitly-denied', ...found }
      : missing === undefined
        ? { verdict: 'allowed', ...found }
        : { verdict: 'implicitly-denied', missingAllowAt: missing, ...found };
  return { ...outcome, reason: explain(request, outcome) };
};
