/** A finding as GuardDuty holds it, in camelCase or PascalCase. */
export type HeldDocument = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is HeldDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: unknown): unknown => {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The handler says what is wrong with it.
    return undefined;
  }
};

/** The id of a finding document, in either case. */
export const idOf = ({ id, Id }: HeldDocument): unknown => id ?? Id;

/** A finding of GuardDuty's own form, not one of Security Hub. */
const isHeld = (document: HeldDocument): boolean =>
  typeof idOf(document) === 'string' &&
  !('ProductArn' in document) &&
  ('accountId' in document || 'AccountId' in document);

/** What the envelopes of a document hold, or undefined where it is no envelope. */
const contents = ({ Records, Sns, body, Message, detail, Findings, findings }: HeldDocument): unknown[] | undefined => {
  if (Array.isArray(Records)) return Records;
  if (isRecord(Sns)) return [parsed(Sns.Message)];
  if (typeof body === 'string') return [parsed(body)];
  if (typeof Message === 'string') return [parsed(Message)];
  if (isRecord(detail)) return [detail];
  const list = Findings ?? findings;
  return Array.isArray(list) ? list : undefined;
};

/** The findings in a document, out of whatever envelopes they are in, as they are. */
export const heldIn = (document: unknown): HeldDocument[] => {
  if (Array.isArray(document)) return document.flatMap(heldIn);
  if (!isRecord(document)) return [];
  const inner = contents(document);
  if (inner !== undefined) return inner.flatMap(heldIn);
  return isHeld(document) ? [document] : [];
};
