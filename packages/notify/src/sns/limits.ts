/** What SNS takes. Source: SNS API reference, Publish. */
export const snsLimits = {
  /** Bytes of body and attributes together, unless the topic's `MaximumMessageSize` says otherwise. */
  bytes: 262_144,
  /** Characters of a subject: fewer than 100. */
  subject: 99,
} as const;

/** What we allow ourselves. */
export const snsBudget = {
  /** Bytes of body and attributes: SNS bills by 64 KiB, and this is some thirty pages. */
  bytes: 65_536,
} as const;
