/** What SES takes. Sources: SES quotas page, API v2 reference, "Using templates to send personalized email". */
export const sesLimits = {
  /** Destinations of one bulk request, and no more than the account may send in a second. */
  bulkEntries: 50,
  /** Bytes of one bulk request with an inline template. */
  bulkBytes: 1_000_000,
  /** Characters of a tag's name or value: letters, digits, `_` and `-`. */
  tag: 256,
  /** Mails a second in the sandbox. */
  sandboxRate: 1,
} as const;

/** What we allow ourselves. */
export const mailBudget = {
  /** Characters of a subject; clients show some seventy. */
  subject: 150,
  /** Bytes of the HTML part: beyond 102 KB some clients hide the rest. */
  htmlBytes: 90_000,
  /** Bytes of the text part. */
  textBytes: 60_000,
  /** Bytes of one bulk request. */
  bulkBytes: 900_000,
  /** Characters of the line that mailboxes show beside the subject. */
  preheader: 120,
} as const;
