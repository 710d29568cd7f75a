import { untrusted } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../testing/sample-message.ts';
import { viewMessage } from './message-view.ts';
import { renderPlainText } from './plain-text.ts';

const long = viewMessage(
  sampleMessage({
    title: untrusted('é'.repeat(3000)),
    body: Array.from({ length: 20 }, () => untrusted('漢'.repeat(1000))),
    actions: [{ text: 'Look.', url: 'https://example.com/look' }],
  }),
);

describe('renderPlainText', () => {
  it.each([1, 50, 300, 1024, 4096, 100_000])('N14: stays within %d bytes', (max) => {
    expect(Buffer.byteLength(renderPlainText(long, max))).toBeLessThanOrEqual(max);
  });

  it('counts in the measure that it is given', () => {
    const text = renderPlainText(long, 5000, (part) => part.length);
    expect(text.length).toBeLessThanOrEqual(5000);
    expect(Buffer.byteLength(text)).toBeGreaterThan(5000);
  });

  it('says what is left out, and keeps steps and links', () => {
    const text = renderPlainText(long, 4096);
    expect(text).toMatch(/… \d+ paragraphs omitted/);
    expect(text).toContain('1. Look.\n   https://example.com/look');
    expect(text).toContain('Open in GuardDuty: https://');
  });
});
