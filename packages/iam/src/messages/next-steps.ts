import type { MessageAction } from '@remedykit/core';
import type { Change } from './changes.ts';
import type { News } from './run-news.ts';
import { ours, say } from './say.ts';

/** Why `recipientsOf` leaves somebody out. */
const badAddress: ReadonlySet<string> = new Set(['not-an-address', 'domain-not-allowed', 'same-as-fallback']);

/** What can be put back. A detachment took nothing from anybody, and a deleted password is lost. */
const restorable: ReadonlySet<Change['kind']> = new Set([
  'deactivated',
  'denied',
  'held',
  'opened',
  'closed',
  'enrolment-attached',
  'hold-attached',
]);

/** Some reasons of changes that were not made, or of cases, and what a person can do about them. */
const remedies: readonly (readonly [reasons: readonly string[], text: string])[] = [
  [
    ['unknown-effect'],
    'Look at the users of whom nobody knows whether the change took effect. The next run looks, too, before it does anything.',
  ],
  [
    ['policy-drift', 'policy-missing'],
    'Deploy mfaPolicies() of this version in the account; where the policy was there and differs, find out who changed it. Until then nobody is denied.',
  ],
  [
    ['journal-failed', 'journal-unreadable', 'control-unreadable'],
    'Make the store readable and writable again: nothing is changed while its journal or its pause cannot be read.',
  ],
  [
    ['incident'],
    'Find out who makes the credential active again, and why: CloudTrail has the call. Then have it deleted, or exempt the user with a reason and an end. Nothing more is done by itself.',
  ],
];

const leftRemedies: readonly (readonly [reasons: readonly string[], text: string])[] = [
  [
    ['boundary'],
    'If their permissions boundary allows setting up MFA, list it in mfa.boundariesThatAllowEnrolment; else have it changed, or help the user to set up MFA.',
  ],
  [['password-expired'], 'Give those whose password is or may be expired a new one, so that they can set up MFA.'],
  [
    ['no-attachment-left'],
    'Detach a managed policy of those who have as many as may be attached, or have the quota raised: no answer helps before.',
  ],
  [
    ['active-keys'],
    "Users with active access keys: help them to set up MFA, take the keys or the password away, or set mfa.activeKeyUsers to 'deny'.",
  ],
  [
    ['boundary', 'password-expired', 'active-keys'],
    "Or answer with resolve(): 'act' denies the console all the same, 'exempt' leaves the user alone until a day that you name.",
  ],
  [
    ['break-glass', 'own-principal'],
    'Break-glass users and those that remedykit acts as are never acted on: put their credentials right by hand.',
  ],
];

/** What a person can do about what a run came to, the most urgent first. */
export const nextSteps = (runId: string, told: News, changes: readonly Change[]): readonly MessageAction[] => {
  const undone = changes.filter(({ end }) => end === 'unknown' || end === 'failed' || end === 'refused');
  const reasons = new Set([
    ...undone.map(({ reason }) => reason),
    ...told.due.map(({ one }) => one.reason),
    ...told.faults.map(({ one }) => one.reason),
    ...told.skipped.map(({ one }) => one.reason),
  ]);
  const of = (table: typeof remedies): MessageAction[] =>
    table.flatMap(([codes, text]) => (codes.some((code) => reasons.has(code)) ? [{ text }] : []));
  const runs = changes.flatMap(({ kind, end, preview, runId: other = runId }) =>
    end === 'applied' && !preview && restorable.has(kind) ? [other] : [],
  );
  return [
    ...of(remedies),
    ...[...new Set(runs)].map((id) => ({
      text: say`To undo what ${ours(id === runId ? 'this run did' : 'an earlier run did, of which nobody was told')}: restore('${id}', { reason, requestedBy, exemptUntil }). It leaves alone what somebody has changed since, and the users are exempt until then.`,
    })),
    ...(told.onHold.length > 0
      ? [
          {
            text: "Of users on hold make sure, by another way than mail, that it is they who ask. Then answer with resolve(): 'confirm' opens the way to set up MFA for 48 hours, or frees who has it; 'act' leaves the hold; 'exempt' frees the user until a day that you name.",
          },
        ]
      : []),
    ...(told.cannotWarn.length > 0
      ? [
          {
            text: 'Make mail work again: look at the sending status, the quota and the event destination of the configuration set in SES. Deadlines wait as long as this lasts.',
          },
        ]
      : []),
    ...of(leftRemedies),
    ...(told.due.some(({ one }) => one.reason === 'relapse-waits')
      ? [
          {
            text: 'Ask whoever made a credential active again what still needs it: it is deactivated once more after a fresh warning, and after that only people can stop it.',
          },
        ]
      : []),
    ...(told.root.length > 0
      ? [
          {
            text: 'Put the root user right: delete its access keys and give it MFA, or remove the root credentials of member accounts.',
            url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html',
          },
        ]
      : []),
    ...(told.skipped.some(({ one }) => badAddress.has(one.reason))
      ? [{ text: 'Correct the tags and contacts that name nobody who may be written to.' }]
      : []),
  ];
};
