import type { Instant, RemediationError, StateStore } from '@remedykit/core';
import * as z from 'zod/mini';
import { createUserStatements, type StatedUser, type UserStatements } from '../answers/user-statements.ts';
import { storedAccount, storedInstant, storedText } from '../state/fields.ts';
import type { Listed } from '../state/list-documents.ts';
import type { ListedExemption } from './exemption.ts';

/** An exemption of one user that a person asked for, by a restore or an answer: kept until it is over. */
export interface ExemptionDocument {
  readonly schema: 1;
  readonly accountId: string;
  readonly userId: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly expires: Instant;
  readonly writtenAt: Instant;
  /** The run that was undone, where it comes from that. */
  readonly runId?: string;
}

const statements: UserStatements<ExemptionDocument> = createUserStatements<ExemptionDocument>({
  name: 'exemption',
  schema: z.strictObject({
    schema: z.literal(1),
    accountId: storedAccount,
    userId: storedText,
    reason: storedText,
    requestedBy: storedText,
    expires: storedInstant,
    writtenAt: storedInstant,
    runId: z.exactOptional(storedText),
  }),
  newer: { code: 'EXEMPTION_NEWER', because: 'it acts on nobody whom it may not understand to be exempt' },
  broken: {
    code: 'EXEMPTION_BROKEN',
    because: 'Nothing is done about that user until it is mended or deleted.',
  },
});

const listed = ({ userId, reason, requestedBy, expires }: ExemptionDocument): ListedExemption => ({
  kind: 'user-id',
  value: userId,
  reason: `${reason} (${requestedBy})`,
  expires,
});

/** The exemptions that people asked for. */
export interface StoredExemptions {
  /** Those that are over among them: they are reported. */
  readonly exemptions: readonly ListedExemption[];
  /** Documents that cannot be read, by user id: nothing may be done about these users. */
  readonly broken: ReadonlyMap<string, RemediationError>;
  /** As they are stored, in the order of their keys. */
  readonly held: readonly Listed<ExemptionDocument>[];
}

/**
 * All exemptions of an account that people asked for, however many pages they fill.
 * @throws RemediationError `EXEMPTION_NEWER` (retryable), and what the store throws; nobody may be acted on then
 */
export const readExemptionDocuments = async (store: StateStore, accountId: string): Promise<StoredExemptions> => {
  const { held, broken } = await statements.list(store, accountId);
  return { exemptions: held.map(({ document }) => listed(document)), broken, held };
};

/**
 * The exemption of one user, read right before something is done about the user.
 * @throws RemediationError `EXEMPTION_NEWER` (retryable), `EXEMPTION_BROKEN`, and what the store throws
 */
export const readExemptionOf = async (store: StateStore, user: StatedUser): Promise<ListedExemption | undefined> => {
  const document = await statements.get(store, user);
  return document === undefined ? undefined : listed(document);
};

/**
 * Exempts a user; workers notice right before they act. Idempotent, and never shortens an exemption that lasts longer.
 * @returns the exemption that then holds
 * @throws RemediationError `EXEMPTION_NEWER` and `STATE_CONFLICT` (retryable), `EXEMPTION_BROKEN`, and what the store throws
 */
export const writeExemption = (store: StateStore, exemption: ExemptionDocument): Promise<ExemptionDocument> =>
  statements.change(store, exemption, (held) =>
    held !== undefined && Date.parse(held.expires) >= Date.parse(exemption.expires) ? held : exemption,
  );
