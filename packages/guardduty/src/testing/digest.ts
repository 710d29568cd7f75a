import { createHash } from 'node:crypto';

/** 32 hexadecimal digits that only depend on the content; the form of a finding's id. */
export const digestOf = (...content: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);

/** The same as a UUID; the form of the ids of events and messages. */
export const uuidOf = (...content: readonly unknown[]): string => {
  const digest = digestOf(...content);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20)}`;
};
