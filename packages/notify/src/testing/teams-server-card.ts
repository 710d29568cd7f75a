import { teamsLimits } from '../teams/limits.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const colors: ReadonlySet<unknown> = new Set(['default', 'dark', 'light', 'accent', 'good', 'warning', 'attention']);
const styles: ReadonlySet<unknown> = new Set(['default', 'emphasis', 'accent', 'good', 'warning', 'attention']);

const absentOr = (value: unknown, allowed: ReadonlySet<unknown>): boolean =>
  value === undefined || (typeof value === 'string' && allowed.has(value.toLowerCase()));

const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

const faultOfRun = (run: unknown): string | undefined => {
  if (!isFields(run) || run.type !== 'TextRun') return 'inlines must be TextRuns';
  if (typeof run.text !== 'string' || run.text === '') return 'a TextRun has no text';
  return absentOr(run.color, colors) ? undefined : `unknown color ${String(run.color)}`;
};

const firstFault = (items: unknown, of: (item: unknown) => string | undefined): string | undefined => {
  if (!Array.isArray(items) || items.length === 0) return 'a list is missing or empty';
  for (const item of items) {
    const fault = of(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const elements: Readonly<Record<string, (element: Fields) => string | undefined>> = {
  RichTextBlock: ({ inlines }) => firstFault(inlines, faultOfRun),
  TextBlock: ({ text, color }) =>
    typeof text !== 'string' ? 'a TextBlock has no text' : absentOr(color, colors) ? undefined : 'unknown color',
  Container: ({ items, style }) =>
    absentOr(style, styles) ? firstFault(items, faultOfElement) : `unknown style ${String(style)}`,
  ColumnSet: ({ columns }) =>
    firstFault(columns, (column) =>
      isFields(column) && column.type === 'Column' ? firstFault(column.items, faultOfElement) : 'not a Column',
    ),
  FactSet: ({ facts }) =>
    firstFault(facts, (fact) =>
      isFields(fact) && typeof fact.title === 'string' && typeof fact.value === 'string' ? undefined : 'not a fact',
    ),
};

const faultOfElement = (element: unknown): string | undefined => {
  if (!isFields(element) || typeof element.type !== 'string' || !Object.hasOwn(elements, element.type))
    return `unknown element ${isFields(element) ? String(element.type) : typeof element}`;
  return elements[element.type]?.(element);
};

const faultOfAction = (action: unknown): string | undefined => {
  if (!isFields(action) || action.type !== 'Action.OpenUrl') return 'only Action.OpenUrl works through a webhook';
  if (typeof action.title !== 'string' || action.title === '') return 'a button has no title';
  return isHttpUrl(action.url) ? undefined : 'a button has no URL';
};

/** Why Teams would not show a card, or `undefined` where it would. */
export const checkTeamsCard = (card: unknown): string | undefined => {
  if (!isFields(card) || card.type !== 'AdaptiveCard') return 'not an AdaptiveCard';
  if (typeof card.version !== 'string' || !/^1\.[0-5]$/.test(card.version)) return 'version must be 1.0 to 1.5';
  const fault = firstFault(card.body, faultOfElement);
  if (fault !== undefined || card.actions === undefined) return fault;
  if (Array.isArray(card.actions) && card.actions.length > teamsLimits.buttons) return 'too many buttons';
  return firstFault(card.actions, faultOfAction);
};

/** Why a flow that takes messages would not post one, or `undefined` where it would. */
export const checkTeamsMessage = (message: unknown): string | undefined => {
  if (!isFields(message) || message.type !== 'message') return 'not a message: type must be "message"';
  if (!Array.isArray(message.attachments)) return 'attachments must be an array';
  const [attachment, ...more] = message.attachments as unknown[];
  if (more.length > 0 || !isFields(attachment)) return 'attachments must hold one card';
  return attachment.contentType === 'application/vnd.microsoft.card.adaptive'
    ? checkTeamsCard(attachment.content)
    : 'the attachment is not an Adaptive Card';
};
