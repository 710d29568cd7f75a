import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { threadKey } from './thread-key.ts';

describe('threadKey', () => {
  it('is the same for every message about a matter, whatever it says, and says nothing itself', () => {
    const key = threadKey(sampleMessage());
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(threadKey(sampleMessage({ severity: 'critical', status: 'resolved', title: 'x' }))).toBe(key);
    expect(threadKey(sampleMessage({ key: 'copy', subject: { matter: sampleMessage().key } }))).toBe(key);
  });

  it('differs by matter, by key, and between preview and real message', () => {
    const keys = [
      sampleMessage(),
      sampleMessage({ key: 'other' }),
      sampleMessage({ subject: { matter: 'third' } }),
      sampleMessage({ preview: true }),
    ].map(threadKey);
    expect(new Set(keys).size).toBe(4);
  });
});
