import type { Message } from '@remedykit/core';
import { untrusted } from '@remedykit/core';

/** A small message, for tests that care about delivery and not about what is said. */
export const sampleMessage = (changes: Partial<Message> = {}): Message => ({
  key: '111122223333/eu-west-1/4ec1',
  severity: 'medium',
  preview: false,
  title: ['Blocked 198.51.100.7: ', untrusted('UnauthorizedAccess:EC2/SSHBruteForce')],
  body: ['198.51.100.7/32 is denied in acl-1 until 25 November 2026, 10:00 UTC.'],
  facts: [
    { label: 'Account', value: untrusted('111122223333') },
    { label: 'Region', value: untrusted('eu-west-1') },
  ],
  links: [
    { label: 'Open in GuardDuty', url: 'https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1' },
  ],
  ...changes,
});
