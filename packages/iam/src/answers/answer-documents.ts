import type { Instant, RemediationError, StateStore } from '@remedykit/core';
import * as z from 'zod/mini';
import type { Answer } from '../model/case.ts';
import { storedAccount, storedInstant, storedText } from '../state/fields.ts';
import type { Listed } from '../state/list-documents.ts';
import { createUserStatements, type StatedUser, type UserStatements } from './user-statements.ts';

/** The latest answer of a person about one user; an answer to exempt the user is an exemption instead. */
export interface AnswerDocument extends Answer {
  readonly schema: 1;
  readonly accountId: string;
  readonly userId: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly at: Instant;
  readonly until: Instant;
}

const statements: UserStatements<AnswerDocument> = createUserStatements<AnswerDocument>({
  name: 'answer',
  schema: z.strictObject({
    schema: z.literal(1),
    accountId: storedAccount,
    userId: storedText,
    decision: z.enum(['confirm', 'act']),
    reason: storedText,
    requestedBy: storedText,
    at: storedInstant,
    until: storedInstant,
  }),
  newer: { code: 'ANSWER_NEWER', because: 'it acts on nobody about whom it may not understand the answer' },
  broken: {
    code: 'ANSWER_BROKEN',
    because: 'Nothing is done about that user until it is mended or deleted.',
  },
});

const answerOf = ({ decision, at, until }: AnswerDocument): Answer => ({ decision, at, until });

/** The answers of people about users of an account. */
export interface StoredAnswers {
  /** By user id; those that are over among them, for the decisions know what that means. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Documents that cannot be read, by user id: nothing may be done about these users. */
  readonly broken: ReadonlyMap<string, RemediationError>;
  /** As they are stored, in the order of their keys. */
  readonly held: readonly Listed<AnswerDocument>[];
}

/**
 * All answers about users of an account, however many pages they fill.
 * @throws RemediationError `ANSWER_NEWER` (retryable), and what the store throws; nobody may be acted on then
 */
export const readAnswers = async (store: StateStore, accountId: string): Promise<StoredAnswers> => {
  const { held, broken } = await statements.list(store, accountId);
  return { answers: new Map(held.map(({ document }) => [document.userId, answerOf(document)])), broken, held };
};

/**
 * The answer about one user, read right before something is done about the user.
 * @throws RemediationError `ANSWER_NEWER` (retryable), `ANSWER_BROKEN`, and what the store throws
 */
export const readAnswerOf = async (store: StateStore, user: StatedUser): Promise<Answer | undefined> => {
  const document = await statements.get(store, user);
  return document === undefined ? undefined : answerOf(document);
};

/**
 * Keeps an answer in place of the one before; one that was given later stands. Idempotent.
 * @returns the answer that then stands
 * @throws RemediationError `ANSWER_NEWER` and `STATE_CONFLICT` (retryable), `ANSWER_BROKEN`, and what the store throws
 */
export const writeAnswer = (store: StateStore, answer: AnswerDocument): Promise<AnswerDocument> =>
  statements.change(store, answer, (held) =>
    held !== undefined && Date.parse(held.at) > Date.parse(answer.at) ? held : answer,
  );
