import type { Message } from '@remedykit/core';
import { untrusted } from '@remedykit/core';

const hostileText =
  '`*x*` <!channel> <at>Everyone</at> @here <https://evil.example|Open in AWS console> [console](https://evil.example) ' +
  `https://evil.example/x evil.example $\{env} {{DATE(2026-11-24T10:00:00Z)}} <b>bold</b> <img src=x onerror=alert(1)>\r\n` +
  'Bcc: victim@evil.example\u202egnp.exe';

const blocked: Message = {
  key: '111122223333/eu-west-1/4ec1f0d3',
  severity: 'high',
  preview: false,
  title: ['Blocked 198.51.100.7: ', untrusted('UnauthorizedAccess:EC2/SSHBruteForce')],
  body: [
    '198.51.100.7/32 is denied in acl-0a1b2c3d4e5f60718, ingress rule 91, until 25 November 2026, 10:00 UTC.',
    ['GuardDuty: ', untrusted('198.51.100.7 is performing SSH brute force attacks against i-0123456789abcdef0.')],
  ],
  facts: [
    { label: 'Account', value: ['111122223333 (', untrusted('payments-production'), ')'] },
    { label: 'Region', value: 'eu-west-1' },
    { label: 'Severity', value: '8.0' },
    { label: 'Instance', value: untrusted('i-0123456789abcdef0') },
    { label: 'Attacker', value: ['198.51.100.7, ', untrusted('Example Hosting B.V.'), ', Netherlands'] },
  ],
  actions: [
    { text: 'Look for a successful login from 198.51.100.7 in the instance’s authentication log.' },
    {
      text: 'Close port 22, or move access to Session Manager.',
      url: 'https://eu-west-1.console.aws.amazon.com/ec2/home',
    },
  ],
  links: [
    {
      label: 'Open in GuardDuty',
      url: 'https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1#/findings?macros=current&search=id%3D4ec1f0d3',
    },
    { label: 'Network ACL', url: 'https://eu-west-1.console.aws.amazon.com/vpcconsole/home?region=eu-west-1#acls:' },
  ],
  subject: { accountId: '111122223333', region: 'eu-west-1', type: 'UnauthorizedAccess:EC2/SSHBruteForce' },
  at: '2026-11-24T10:00:00.000Z',
};

const warning: Message = {
  key: 'credential/111122223333/AIDAEXAMPLE/key/1/80',
  severity: 'medium',
  preview: false,
  title: 'Your access key ending in 4XQZ will be deactivated on 4 December 2026',
  body: [
    ['Hello ', untrusted('alice.o’brien'), ','],
    'Your AWS access key ending in 4XQZ in account 111122223333 will be 90 days old on 4 December 2026. On that day it will be deactivated: new calls with it will fail, sessions it issued may last up to 36 hours longer.',
    'Create a new key, deploy it, check that the old one is no longer used, then deactivate it. With `aws login` or a role you need no key at all.',
  ],
  facts: [
    { label: 'User', value: untrusted('alice.o’brien') },
    { label: 'Account', value: '111122223333' },
    { label: 'Key', value: '…4XQZ' },
    { label: 'Created', value: '5 September 2026' },
    { label: 'Deactivated on', value: '4 December 2026, 00:00 UTC' },
  ],
  actions: [
    {
      text: 'Rotate the key.',
      url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html',
    },
  ],
  links: [],
  subject: { accountId: '111122223333', type: 'access-key-warning' },
  at: '2026-11-24T10:00:00.000Z',
  recipient: 'alice@example.com',
};

/** Messages of every kind that channels have to show; golden files are made of them. */
export const sampleMessages: Readonly<Record<string, Message>> = {
  blocked,
  'not-blocked': {
    ...blocked,
    severity: 'critical',
    undone: true,
    title: ['NOT blocked 198.51.100.7: ', untrusted('UnauthorizedAccess:EC2/SSHBruteForce')],
    body: ['acl-0a1b2c3d4e5f60718 is full and 198.51.100.7 ranks below every entry. Nothing denies it.'],
  },
  resolved: { ...blocked, status: 'resolved', body: ['The finding was archived; the deny was removed.'], actions: [] },
  preview: { ...blocked, preview: true },
  warning,
  hostile: {
    ...blocked,
    title: untrusted(hostileText),
    body: [untrusted(hostileText), ['Ours, then ', untrusted(hostileText)]],
    facts: [
      { label: 'User agent', value: untrusted(hostileText) },
      { label: hostileText, value: untrusted('-') },
    ],
    actions: [{ text: untrusted(hostileText), url: 'javascript:alert(1)' }],
    links: [
      { label: 'Refused', url: 'http://example.com/' },
      { label: '*bold*|x', url: 'https://example.com/a|b(c)<d>?e="f"&g=h' },
    ],
  },
  oversized: {
    ...blocked,
    title: untrusted(`${'Long title 😀 '.repeat(200)}`),
    body: Array.from({ length: 40 }, (_, index) => [`Paragraph ${index}. `, untrusted('é😀<&>"'.repeat(300))]),
    facts: Array.from({ length: 60 }, (_, index) => ({
      label: `Fact ${index}`,
      value: untrusted(`${index} ${'v'.repeat(400)}`),
    })),
    actions: Array.from({ length: 20 }, (_, index) => ({ text: `Step ${index} ${'s'.repeat(300)}` })),
    links: Array.from({ length: 12 }, (_, index) => ({
      label: `Link ${index}`,
      url: `https://example.com/${index}/${'p'.repeat(500)}`,
    })),
  },
};
