import type { OutboxStatus } from '@remedykit/notify';

export const metricNamespace = 'remedykit';

/** A line of CloudWatch's embedded metric format. Source: CloudWatch user guide, embedded metric format specification. */
export interface WaitingMetrics {
  readonly _aws: object;
  /** Messages that nobody could be told yet. */
  readonly WaitingMessages: number;
  /** Age of the oldest in seconds: raise an alarm on it. */
  readonly OldestWaitingSeconds: number;
}

/** What waits, as metrics. */
export const waitingMetrics = ({ waiting, oldestAgeMs }: OutboxStatus, now: Date): WaitingMetrics => ({
  _aws: {
    Timestamp: now.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: metricNamespace,
        Dimensions: [[]],
        Metrics: [
          { Name: 'WaitingMessages', Unit: 'Count' },
          { Name: 'OldestWaitingSeconds', Unit: 'Seconds' },
        ],
      },
    ],
  },
  WaitingMessages: waiting,
  OldestWaitingSeconds: Math.round(oldestAgeMs / 1000),
});
