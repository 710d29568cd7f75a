/** Bytes of a text in UTF-8. */
export const utf8Bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Bytes of a value as JSON in UTF-8. */
export const jsonBytes = (value: unknown): number => utf8Bytes(JSON.stringify(value));
