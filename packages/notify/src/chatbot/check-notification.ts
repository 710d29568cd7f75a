type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): boolean => typeof value === 'string';

const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const isTextMap = (value: unknown): boolean => isFields(value) && Object.values(value).every(isText);

type Rule = readonly [holds: (value: unknown) => boolean, needed: string];

const text: Rule = [isText, 'a string'];
const textList: Rule = [isTextList, 'a list of strings'];

const contentRules: Readonly<Record<string, Rule>> = {
  textType: [(value) => value === 'client-markdown', "'client-markdown'"],
  title: text,
  description: [(value) => typeof value === 'string' && value.trim() !== '', 'a text, it is required'],
  nextSteps: textList,
  keywords: textList,
};

const metadataRules: Readonly<Record<string, Rule>> = {
  threadId: text,
  summary: text,
  eventType: text,
  relatedResources: textList,
  additionalContext: [isTextMap, 'an object of strings'],
  enableCustomActions: [(value) => typeof value === 'boolean', 'true or false'],
};

const faultOf = (where: string, fields: Fields, rules: Readonly<Record<string, Rule>>): string | undefined => {
  for (const [name, value] of Object.entries(fields)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) return `${where}${name} is unknown`;
    if (!rule[0](value)) return `${where}${name} must be ${rule[1]}`;
  }
  return undefined;
};

const topRules: Readonly<Record<string, Rule>> = {
  version: [(value) => value === '1.0', "'1.0'"],
  source: [(value) => value === 'custom', "'custom'"],
  id: text,
  content: [isFields, 'an object'],
  metadata: [isFields, 'an object'],
};

/**
 * Why Amazon Q Developer would drop a custom notification (it logs "Event received is not supported", counts it in the
 * metric `UnsupportedEvents`, and shows nothing), or `undefined` where it would show it. Takes the notification, not its
 * JSON. Names that the schema does not have are refused too, for a misspelt one is dropped in the same silence.
 */
export const checkChatbotNotification = (notification: unknown): string | undefined => {
  if (!isFields(notification)) return 'not a custom notification: it must be an object, plain text is dropped';
  for (const name of ['version', 'source', 'content'])
    if (!Object.hasOwn(notification, name)) return `${name} is missing`;
  const fault = faultOf('', notification, topRules);
  if (fault !== undefined) return fault;
  const { content, metadata } = notification;
  if (!isFields(content) || !Object.hasOwn(content, 'description')) return 'content.description is missing';
  return (
    faultOf('content.', content, contentRules) ??
    (isFields(metadata) ? faultOf('metadata.', metadata, metadataRules) : undefined)
  );
};
