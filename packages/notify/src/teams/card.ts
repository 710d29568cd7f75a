/** The colours that Adaptive Cards know, as we use them. */
export type CardColor = 'attention' | 'warning' | 'accent' | 'good';

/** Text that is never parsed: `TextRun` takes no Markdown, unlike `TextBlock`. */
export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Medium';
  readonly color?: CardColor;
  readonly isSubtle?: true;
}

/** The elements that we use. */
export type CardElement =
  | { readonly type: 'RichTextBlock'; readonly spacing?: 'Small'; readonly inlines: readonly TextRun[] }
  /** Markdown; only ever holds our own words and an encoded URL. */
  | { readonly type: 'TextBlock'; readonly spacing: 'None'; readonly wrap: true; readonly text: string }
  | {
      readonly type: 'ColumnSet';
      readonly spacing: 'Small';
      readonly columns: readonly {
        readonly type: 'Column';
        readonly width: string;
        readonly items: readonly CardElement[];
      }[];
    }
  | {
      readonly type: 'Container';
      readonly style: CardColor;
      readonly bleed: true;
      readonly items: readonly CardElement[];
    };

/** A button that opens a page. */
export interface OpenUrl {
  readonly type: 'Action.OpenUrl';
  readonly title: string;
  readonly url: string;
}

/** An Adaptive Card within what Teams shows on every client. */
export interface AdaptiveCard {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly type: 'AdaptiveCard';
  readonly version: '1.4';
  readonly msteams: { readonly width: 'Full' };
  /** Shown where cards cannot be. */
  readonly fallbackText: string;
  readonly body: readonly CardElement[];
  readonly actions?: readonly OpenUrl[];
}

/** The envelope that "When a Teams webhook request is received" takes; `attachments` is an array, always. */
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: AdaptiveCard;
    },
  ];
}

export const run = (text: string, look: Omit<TextRun, 'type' | 'text'> = {}): TextRun => ({
  type: 'TextRun',
  text,
  ...look,
});

export const richText = (...inlines: readonly TextRun[]): CardElement => ({ type: 'RichTextBlock', inlines });
