/** Text without any parsing. */
export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** Text in Slack's markup; `verbatim` keeps Slack from finding links and mentions by itself. */
export interface Markup {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

/** The Block Kit blocks that we send. */
export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText | Markup }
  | { readonly type: 'section'; readonly fields: readonly (PlainText | Markup)[] }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] };

/** Blocks beside a coloured bar. */
export interface SlackAttachment {
  /** `#rrggbb`. */
  readonly color: string;
  readonly blocks: readonly SlackBlock[];
}

/** What is posted to an incoming webhook. */
export interface SlackPayload {
  /** Shown in notifications and where blocks cannot be. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  /** A bar in the colour of the severity, beside the time of the message. */
  readonly attachments?: readonly SlackAttachment[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

export const plain = (text: string): PlainText => ({ type: 'plain_text', text, emoji: false });

export const markup = (text: string): Markup => ({ type: 'mrkdwn', text, verbatim: true });
