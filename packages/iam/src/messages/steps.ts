import type { MessageAction } from '@remedykit/core';
import type { RuleName } from '../model/case.ts';

const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

const noKey: readonly MessageAction[] = [
  {
    text: 'People need no key: `aws login` (AWS CLI 2.32 and later) signs in by browser with the console password, and IAM Identity Center gives short-lived credentials.',
    url: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html',
  },
  {
    text: 'Workloads need no key: give them a role; outside of AWS, IAM Roles Anywhere or a web identity.',
    url: `${guide}/id_roles.html`,
  },
];

/** How to put it right, step by step, and how never to have the trouble again. */
export const stepsFor = (rule: RuleName): readonly MessageAction[] => {
  if (rule === 'mfa')
    return [
      {
        text: 'Sign in to the console, open "Security credentials" from the menu at the top right, and choose "Assign MFA device". A passkey or security key is the safest, an authenticator app will do. If the console refuses it, ask as said below.',
        url: `${guide}/id_credentials_mfa.html`,
      },
      { text: 'Sign out, and sign in again with MFA. Nothing else is to be done: the next run sees it.' },
      { text: 'If nobody signs in as this user, have the password removed instead.' },
      {
        text: 'Better than a user with a password: IAM Identity Center.',
        url: 'https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html',
      },
    ];
  if (rule === 'key-unused')
    return [
      { text: 'If nobody needs the key, deactivate it now, and delete it when nothing has missed it for some days.' },
      { text: 'If somebody does, say so before the deadline; using it once only starts the count again.' },
      ...noKey,
    ];
  if (rule === 'key-age')
    return [
      {
        text: 'If the key is still needed, create a second one and put it wherever the first is used.',
        url: `${guide}/id-credentials-access-keys-update.html`,
      },
      {
        text: 'Deactivate the first. If something fails, activate it again and look for the place that still uses it.',
      },
      { text: 'Delete the first when "last used" no longer moves.' },
      ...noKey,
    ];
  const replace = {
    'service-specific-age':
      'Create a new credential for the service, put it in place, deactivate the old one, and delete it when nothing misses it.',
    'certificate-age':
      'Upload a new certificate, sign with it, deactivate the old one, and delete it when nothing misses it.',
    'ssh-key-age':
      'Upload a new public key, use its private key, deactivate the old one, and delete it when nothing misses it.',
  }[rule];
  return [
    { text: replace, ...(rule === 'ssh-key-age' ? { url: `${guide}/id_credentials_ssh-keys.html` } : {}) },
    { text: 'Better than a long-lived credential: a role, or IAM Identity Center.', url: `${guide}/id_roles.html` },
  ];
};
