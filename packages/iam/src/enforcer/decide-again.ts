import { readAnswerOf } from '../answers/answer-documents.ts';
import { exemptionOf } from '../exemptions/exemption-of.ts';
import type { MailRecord } from '../model/case.ts';
import { readMailsAgain } from '../warnings/mail-store.ts';
import { decideUser } from './decide-user.ts';
import { decideIntents, type Sources } from './intents.ts';
import type { LiveUser } from './live-user.ts';
import { factsOf, type Known } from './user-facts.ts';
import type { Again } from './user-result.ts';

/** What the first decision rested on. */
export interface DecidedOn {
  readonly live: LiveUser;
  readonly sources: Sources;
  readonly mails: readonly MailRecord[];
}

/**
 * Decides anew right before something is done: on credentials, tags, groups and attachments that were read at most 10
 * minutes ago, and on mails and answers as the store has them now, for a bounce may have come back meanwhile. Rejects where
 * any of it cannot be read: nothing may be done then.
 */
export const decideAgain =
  (known: Known, { live, sources, mails }: DecidedOn): (() => Promise<Again>) =>
  async () => {
    const { context, user } = known;
    const { settings } = context.run;
    const fresh = await context.users.get(user.userId);
    const look = fresh === undefined ? undefined : await live.look();
    if (fresh === undefined || look === undefined) return { intents: [] };
    const { exempt: _, answer: __, ...rest } = known;
    const answer = await readAnswerOf(settings.store, user);
    const { exempt } = exemptionOf(fresh.user, context.exemptions, settings.now(), { tags: settings.exemptByTag });
    const now: Known = {
      ...rest,
      user: fresh.user,
      ...(answer === undefined ? {} : { answer }),
      ...(exempt === undefined ? {} : { exempt }),
    };
    const facts = factsOf(now, look.cases, await readMailsAgain(settings.store, mails));
    const { cases } = decideUser(facts, settings.policy, settings.now());
    const intents = await decideIntents(now, facts.cases, cases, { ...sources, live: look.live });
    return { intents, live: look.live, attached: fresh };
  };
