import { type Notifier, RemediationError, summarizeError } from '@remedykit/core';
import type { ClockFacts } from '../lifecycle/decide-clock.ts';

// As the notifier for SES names what its account says.
const clocks: Readonly<Record<string, ClockFacts['mailer']>> = {
  SES_SANDBOX: 'sandbox',
  SES_SENDING_PAUSED: 'sending-paused',
  SES_QUOTA_NONE: 'no-quota',
  // Passes by itself: mails are deferred until then.
  SES_QUOTA_EXHAUSTED: 'ready',
};

/**
 * What the mailer's own check says, where it has one.
 * @throws RemediationError `MAILER_UNREADY` for anything else than an account that cannot reach people: nobody is mailed
 * until it passes
 */
export const gatherMailer = async (mailer: Notifier): Promise<ClockFacts['mailer']> => {
  try {
    await mailer.preflight?.();
    return 'ready';
  } catch (error) {
    const { code, message } = summarizeError(error);
    const known = Object.hasOwn(clocks, code) ? clocks[code] : undefined;
    if (known !== undefined) return known;
    throw new RemediationError({
      code: 'MAILER_UNREADY',
      message: `The mailer's preflight failed, so nobody is mailed: ${message}`,
      // A missing right is mended by a person: until then each run fails loudly.
      retryable: true,
      cause: error,
    });
  }
};
