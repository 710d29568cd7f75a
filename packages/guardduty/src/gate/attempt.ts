import { summarizeError } from '@remedykit/core';

/** What a reading gave, or why it could not be had, as a decision keeps it. */
export interface Attempt<T> {
  readonly value?: T;
  readonly problem?: string;
}

export const attempt = async <T>(reading: Promise<T>): Promise<Attempt<T>> => {
  try {
    return { value: await reading };
  } catch (error) {
    const { code, message } = summarizeError(error);
    return { problem: `${code}: ${message}` };
  }
};
