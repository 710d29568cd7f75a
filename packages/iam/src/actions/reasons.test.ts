import { describe, expect, it } from 'vitest';
import { consoleReasons } from '../mfa/console-reasons.ts';
import { restoreReasons } from '../restore/restore-reasons.ts';
import { actionReasons } from './action-reasons.ts';
import { credentialReasons } from './credential-reasons.ts';
import { refusalReasons } from './limit-reasons.ts';
import { settleReasons } from './settle-journal.ts';
import { isWritable, writeActions } from './write-target.ts';

describe('what people read', () => {
  it.each(
    Object.entries({ actionReasons, credentialReasons, refusalReasons, settleReasons, consoleReasons, restoreReasons }),
  )('%s: a code and a sentence each, no sentence twice', (_, reasons) => {
    const sentences = Object.values<string>(reasons);
    for (const code of Object.keys(reasons)) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});

describe('the writes there are', () => {
  it('I29: none creates or deletes a key, and none writes a policy', () => {
    expect(writeActions.filter((action) => /AccessKey|Policy|PolicyVersion/.test(action))).toEqual([
      'iam:AttachUserPolicy',
      'iam:DetachUserPolicy',
      'iam:UpdateAccessKey',
    ]);
  });

  it('fit the target', () => {
    const key = { kind: 'access-key', accessKeyId: 'AKIA1' } as const;
    const policy = { kind: 'managed-policy', policyArn: 'arn' } as const;
    expect(isWritable('deactivate', key)).toBe(true);
    expect(isWritable('activate', policy)).toBe(false);
    expect(isWritable('attach-policy', key)).toBe(false);
    expect(isWritable('detach-policy', policy)).toBe(true);
    expect(isWritable('delete-login-profile', key)).toBe(false);
    expect(isWritable('delete-login-profile', { kind: 'login-profile' })).toBe(true);
  });
});
