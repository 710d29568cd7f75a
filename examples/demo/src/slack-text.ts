const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Text as Slack shows it: entities decoded once, the joiners without width that keep text from becoming links left out. */
const shown = (text: string): string =>
  text.replace(/&(amp|lt|gt);/g, (entity) => entities[entity] ?? entity).replaceAll('\u2060', '');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const textOf = (part: unknown): string => (isRecord(part) && typeof part.text === 'string' ? shown(part.text) : '');

/** Links as their label, for a terminal. */
const markupOf = (part: unknown): string => textOf(part).replace(/<([^|>]+)\|([^>]+)>/g, '$2: $1');

/** The blocks of a Slack message as lines of text, as a reader sees them. */
export const slackText = (payload: unknown): string[] =>
  list(isRecord(payload) ? payload.blocks : []).flatMap((block): string[] => {
    if (!isRecord(block)) return [];
    if (block.type === 'section' && block.fields !== undefined) {
      const fields = list(block.fields);
      const pairs = fields.flatMap((field, at) =>
        at % 2 === 0 ? [`${textOf(field).replaceAll('*', '')}: ${textOf(fields[at + 1])}`] : [],
      );
      return [pairs.join(' · ')];
    }
    if (block.type === 'section') return markupOf(block.text).split('\n');
    if (block.type === 'context') return list(block.elements).map(textOf);
    return textOf(block.text).split('\n');
  });

/** The title of a Slack message: its header. */
export const slackTitle = (payload: unknown): string => slackText(payload)[0] ?? '';
