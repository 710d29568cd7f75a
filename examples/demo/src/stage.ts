import type { EC2Client } from '@aws-sdk/client-ec2';
import type { StateStore } from '@remedykit/core';
import type { Target } from '@remedykit/guardduty';
import type { Counts } from './count-calls.ts';

type Ec2 = Pick<EC2Client, 'send'>;

/** What the handlers act on, and the same once more for the story itself, so that each side's requests are counted apart. */
export interface Stage {
  /** One line for people. */
  readonly title: string;
  readonly calls: Counts;
  readonly stageCalls: Counts;
  /** The handlers' own. */
  readonly ec2: (target: Target) => Ec2;
  readonly store: StateStore;
  /** Of the year of credentials, if another: some 2,500 requests, which would keep people waiting at an emulator. */
  readonly yearStore?: StateStore;
  /** The story's own, for looking at what came of it. */
  readonly stageEc2: (target: Target) => Ec2;
  readonly stageStore: StateStore;
  close(): Promise<void>;
}

/** What the findings of the story name. */
export interface Scene {
  readonly accountId: string;
  readonly region: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly instanceId: string;
  readonly networkInterfaceId: string;
}
