/** How urgent PagerDuty takes an alert to be. */
export type PagerDutySeverity = 'critical' | 'error' | 'warning' | 'info';

/** What an event does to its alert. */
export type PagerDutyAction = 'trigger' | 'acknowledge' | 'resolve';

/** An event of the Events API v2, without its routing key. */
export type PagerDutyEvent =
  | { readonly event_action: 'acknowledge' | 'resolve'; readonly dedup_key: string }
  | {
      readonly event_action: 'trigger';
      readonly dedup_key: string;
      readonly client: 'remedykit';
      readonly links: readonly { readonly href: string; readonly text: string }[];
      readonly payload: {
        readonly summary: string;
        readonly source: string;
        readonly severity: PagerDutySeverity;
        /** ISO 8601. */
        readonly timestamp?: string;
        /** The account. */
        readonly group?: string;
        /** The kind of message, a finding type. */
        readonly class?: string;
        readonly custom_details: Readonly<Record<string, string | readonly string[]>>;
      };
    };
