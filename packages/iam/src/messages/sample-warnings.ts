import type { Message } from '@remedykit/core';
import type { RuleName } from '../model/case.ts';
import { sampleMail } from '../warnings/sample-mail.ts';
import type { WarningInput } from './warning-message.ts';

/** A text of a message as people read it. */
export const readable = (text: unknown): string => {
  if (typeof text === 'string') return text;
  if (Array.isArray(text)) return text.map(readable).join('');
  return typeof text === 'object' && text !== null && 'untrusted' in text ? String(text.untrusted) : '';
};

/** Our own words of a text alone: what a renderer may trust. */
export const ownWords = (text: unknown): string => {
  if (typeof text === 'string') return text;
  return Array.isArray(text) ? text.map(ownWords).join('') : '';
};

/** A message as people read it, for the golden files. */
export const shown = (message: Message): string =>
  [
    readable(message.title),
    `severity ${message.severity}${message.undone ? ', undone' : ''}${message.preview ? ', preview' : ''}, at ${message.at}, to ${message.recipient ?? 'a channel'}`,
    ...message.body.map((text) => `  ${readable(text)}`),
    ...message.facts.map(({ label, value }) => `  ${label}: ${readable(value)}`),
    ...(message.actions ?? []).map(
      ({ text, url }, index) => `  ${index + 1}. ${readable(text)}${url ? ` <${url}>` : ''}`,
    ),
    '',
  ].join('\n');

const credentialIds: Readonly<Record<RuleName, string>> = {
  mfa: 'password',
  'key-age': 'AKIAIOSFODNN7EXA7Q2X',
  'key-unused': 'AKIAIOSFODNN7EXA7Q2X',
  'service-specific-age': 'ACCAEXAMPLE123EXAMPLE',
  'certificate-age': 'TA7SMP42TDN5Z26OBPJE7EXAMPLE',
  'ssh-key-age': 'APKAEXAMPLE123EXAMPLE',
};

/** A warning for tests, ten days before the deadline unless told otherwise. */
export const sampleWarning = (rule: RuleName = 'key-age', changes: Partial<WarningInput> = {}): WarningInput => {
  const credentialId = credentialIds[rule];
  return {
    mail: sampleMail({ caseId: `${rule}/${credentialId}` }),
    case: {
      id: `${rule}/${credentialId}`,
      rule,
      credentialId,
      since: '2026-09-05T08:15:00.000Z',
      firstSeenAt: '2026-11-20T04:00:00.000Z',
    },
    user: { userName: 'alice', path: '/', createdAt: '2024-02-29T10:00:00.000Z', groups: [], tags: {} },
    at: '2026-11-24T10:00:00.000Z',
    afterDays: rule === 'mfa' ? 14 : 90,
    contact: 'security@example.com',
    ...(rule === 'key-unused' ? { lastUse: { kind: 'never' } } : {}),
    ...changes,
  };
};
