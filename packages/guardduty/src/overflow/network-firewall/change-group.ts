import {
  DescribeRuleGroupCommand,
  type DescribeRuleGroupCommandOutput,
  UpdateRuleGroupCommand,
  type UpdateRuleGroupCommandOutput,
} from '@aws-sdk/client-network-firewall';
import { isRemediationError, RemediationError, retry } from '@remedykit/core';
import { awsErrorCode, isClientFault, isThrottled, requestIdOf } from '../../aws/errors.ts';
import { sendOnce } from '../../aws/send-once.ts';
import type { GroupFacts } from './decide-rules.ts';
import type { FirewallSettings } from './options.ts';
import { type HeldDeny, readRules, rulesSource } from './rules.ts';

/** What one change of a rule group needs. */
export interface GroupCall {
  readonly settings: FirewallSettings;
  readonly arn: string;
  readonly remainingTimeMs: () => number;
}

/** What a change came to. */
export interface Changed<Decision> {
  readonly decision: Decision;
  /** An update was sent whose answer was lost, so what is found may be our own work. */
  readonly answerLost: boolean;
  readonly requestIds: readonly string[];
}

/**
 * Reads a rule group, has decided what it is to hold, and writes that under the token of what was read. Somebody else who
 * changed it meanwhile makes it read and decided again, a bounded number of times, so that nobody's rule is lost.
 * Needs network-firewall:DescribeRuleGroup and network-firewall:UpdateRuleGroup.
 * @throws RemediationError `OVERFLOW_FAILED`, retryable unless Network Firewall refused the request itself
 */
export const changeGroup = async <Decision extends { readonly kind: string; readonly denies?: readonly HeldDeny[] }>(
  call: GroupCall,
  decide: (facts: GroupFacts) => Decision,
): Promise<Changed<Decision>> => {
  const { settings, arn, remainingTimeMs } = call;
  const { attempts, sleep, random } = settings;
  const requestIds: string[] = [];
  let answerLost = false;
  const attempt = async (): Promise<Changed<Decision>> => {
    const read: DescribeRuleGroupCommandOutput = await send(
      call,
      new DescribeRuleGroupCommand({ RuleGroupArn: arn, Type: 'STATEFUL' }),
    );
    const decision = decide(factsOf(read, arn));
    if (decision.denies === undefined) return { decision, answerLost, requestIds };
    try {
      const written: UpdateRuleGroupCommandOutput = await send(call, updateOf(read, arn, decision.denies));
      const requestId = requestIdOf(written);
      if (requestId !== undefined) requestIds.push(requestId);
    } catch (error) {
      answerLost ||= !isRemediationError(error) && !isClientFault(error);
      throw error;
    }
    return { decision, answerLost: false, requestIds };
  };
  try {
    return await retry(attempt, {
      attempts,
      baseMs: 200,
      maxMs: 2_000,
      isRetryable: (error) => !isRemediationError(error) && isPassing(error),
      remainingTimeMs,
      sleep,
      random,
    });
  } catch (error) {
    throw isRemediationError(error) ? error : failure(arn, error);
  }
};

const send = async <Output>({ settings, arn, remainingTimeMs }: GroupCall, command: object): Promise<Output> => {
  const { clientFor, requestTimeoutMs, targetOf } = settings;
  if (remainingTimeMs() < requestTimeoutMs) {
    throw new RemediationError({
      code: 'OVERFLOW_FAILED',
      message: `Too little time is left for a request about the rule group ${arn}.`,
      retryable: true,
    });
  }
  return sendOnce<Output>(clientFor(targetOf(arn)), command, requestTimeoutMs);
};

const factsOf = ({ RuleGroup, RuleGroupResponse, UpdateToken }: DescribeRuleGroupCommandOutput, arn: string) => {
  const capacity = RuleGroupResponse?.Capacity;
  if (UpdateToken === undefined || capacity === undefined) {
    throw new RemediationError({
      code: 'OVERFLOW_FAILED',
      message: `DescribeRuleGroup answered for ${arn} without a token or a capacity; without them it cannot be changed safely.`,
      retryable: true,
    });
  }
  return { rules: readRules(RuleGroup?.RulesSource), capacity };
};

/** Everything of the group but its rules stays as it was read: an update sets what it does not name to its default. */
const updateOf = (
  { RuleGroup, RuleGroupResponse, UpdateToken }: DescribeRuleGroupCommandOutput,
  arn: string,
  denies: readonly HeldDeny[],
): UpdateRuleGroupCommand => {
  const { Description, EncryptionConfiguration, SourceMetadata, SummaryConfiguration } = RuleGroupResponse ?? {};
  return new UpdateRuleGroupCommand({
    UpdateToken,
    RuleGroupArn: arn,
    Type: 'STATEFUL',
    RuleGroup: { ...RuleGroup, RulesSource: rulesSource(denies) },
    ...(Description === undefined ? {} : { Description }),
    ...(EncryptionConfiguration === undefined ? {} : { EncryptionConfiguration }),
    ...(SourceMetadata === undefined ? {} : { SourceMetadata }),
    ...(SummaryConfiguration === undefined ? {} : { SummaryConfiguration }),
  });
};

const isConflict = (error: unknown): boolean => awsErrorCode(error) === 'InvalidTokenException';

const isPassing = (error: unknown): boolean => isConflict(error) || isThrottled(error) || !isClientFault(error);

/** True where Network Firewall itself says that it takes no more. */
export const saysNoRoom = (error: unknown): boolean => {
  const cause = isRemediationError(error) ? error.cause : error;
  return ['InsufficientCapacityException', 'LimitExceededException'].includes(awsErrorCode(cause));
};

const failure = (arn: string, cause: unknown): RemediationError => {
  const what = isConflict(cause)
    ? 'others kept changing it'
    : `${awsErrorCode(cause)}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new RemediationError({
    code: 'OVERFLOW_FAILED',
    message: `The rule group ${arn} could not be changed: ${what}`,
    retryable: isPassing(cause),
    cause,
  });
};
