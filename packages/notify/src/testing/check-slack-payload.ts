import { slackLimits } from '../slack/limits.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, max: number, types: readonly string[] = ['plain_text', 'mrkdwn']): boolean =>
  isFields(value) &&
  types.includes(String(value.type)) &&
  typeof value.text === 'string' &&
  value.text.length >= 1 &&
  value.text.length <= max &&
  (value.type === 'plain_text' ? value.verbatim === undefined : value.emoji === undefined);

const isList = (value: unknown, max: number, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length >= 1 && value.length <= max && value.every(holds);

const isButton = (value: unknown): boolean =>
  isFields(value) &&
  value.type === 'button' &&
  isText(value.text, slackLimits.buttonText, ['plain_text']) &&
  (value.url === undefined || (typeof value.url === 'string' && value.url.length <= slackLimits.url));

const blockChecks: Readonly<Record<string, (block: Fields) => boolean>> = {
  header: (block) => isText(block.text, slackLimits.header, ['plain_text']),
  section: (block) =>
    (block.text !== undefined || block.fields !== undefined) &&
    (block.text === undefined || isText(block.text, slackLimits.sectionText)) &&
    (block.fields === undefined ||
      isList(block.fields, slackLimits.fields, (field) => isText(field, slackLimits.fieldText))),
  context: (block) =>
    isList(block.elements, slackLimits.contextElements, (element) => isText(element, slackLimits.contextText)),
  actions: (block) => isList(block.elements, slackLimits.actions, isButton),
  divider: () => true,
};

const isBlock = (value: unknown): boolean => {
  if (!isFields(value) || typeof value.type !== 'string' || !Object.hasOwn(blockChecks, value.type)) return false;
  if (
    value.block_id !== undefined &&
    !(typeof value.block_id === 'string' && value.block_id.length <= slackLimits.blockId)
  )
    return false;
  return blockChecks[value.type]?.(value) ?? false;
};

const isAttachment = (value: unknown): boolean =>
  isFields(value) &&
  (value.color === undefined || (typeof value.color === 'string' && /^#[\da-f]{6}$/i.test(value.color))) &&
  (value.blocks === undefined || isList(value.blocks, slackLimits.blocks, isBlock));

/** The error with which Slack would answer a payload, or `undefined` where it would take it. */
export const checkSlackPayload = (payload: unknown): string | undefined => {
  if (!isFields(payload)) return 'invalid_payload';
  const { text, blocks } = payload;
  if (text !== undefined && typeof text !== 'string') return 'invalid_payload';
  if (
    payload.attachments !== undefined &&
    !isList(payload.attachments, slackLimits.attachments, (one) => isAttachment(one))
  )
    return 'invalid_attachments';
  if (blocks === undefined || (Array.isArray(blocks) && blocks.length === 0)) return text ? undefined : 'no_text';
  if (!isList(blocks, slackLimits.blocks, isBlock)) return 'invalid_blocks';
  return JSON.stringify([blocks, payload.attachments]).length > slackLimits.total ? 'msg_blocks_too_long' : undefined;
};
