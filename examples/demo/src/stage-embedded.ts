import type { Clock } from '@remedykit/core';
import { createFakeEc2, fakeWorld } from '@remedykit/guardduty/testing';
import { type Counts, countSends } from './count-calls.ts';
import { startLocalStores } from './local-dynamodb.ts';
import type { Scene, Stage } from './stage.ts';

/** The stage that needs nothing but Node: a fake EC2 in memory, and a DynamoDB on this machine. */
export const setEmbeddedStage = async (now: Clock): Promise<{ readonly stage: Stage; readonly scene: Scene }> => {
  const calls: Counts = {};
  const stageCalls: Counts = {};
  const fake = createFakeEc2({ now });
  const ec2 = countSends(fake, 'ec2', calls);
  const stageEc2 = countSends(fake, 'ec2', stageCalls);
  const stage: Stage = {
    title:
      'on embedded parts: EC2, GuardDuty, IAM and SES faked in memory, DynamoDB and Slack as servers on this machine',
    calls,
    stageCalls,
    ec2: () => ec2,
    stageEc2: () => stageEc2,
    ...(await startLocalStores(calls, stageCalls)),
  };
  return { stage, scene: fakeWorld };
};
