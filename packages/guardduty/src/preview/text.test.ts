import { RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { hostileAttackers, hostileTexts } from '../testing/hostile-findings.ts';
import { routableDocumentationRanges, sshBruteForce } from '../testing/index.ts';
import { createPreview } from './create-preview.ts';
import { previewText } from './text.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const newPreview = () => createPreview({ addressRanges: routableDocumentationRanges, now: () => now });

describe('previewText', () => {
  it('names ten rows of a list and counts the others', () => {
    const preview = newPreview();
    for (let index = 0; index < 30; index++) {
      preview.add(
        sshBruteForce({ from: `198.51.100.${index}`, at: now, subnetId: `subnet-${index}`, id: `f${index}` }),
      );
    }
    const text = previewText(preview.report());
    expect(text.split('\n').filter((line) => /^ {2}198\.51/.test(line))).toHaveLength(10);
    expect(text.split('\n').filter((line) => line === '  … and 20 more')).toHaveLength(2);
  });

  it('G29: sends a terminal nothing that it would obey', () => {
    const preview = newPreview();
    for (const finding of hostileAttackers(['\u001b[2J\u001b]0;taken\u0007', '\u202egnp', ...hostileTexts], now))
      preview.add(finding);
    preview.skip(new RemediationError({ code: 'NOT_A_FINDING', message: 'x\u001b[31m\u009b' }));
    expect(previewText(preview.report())).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });

  it('says what was left out', () => {
    const preview = newPreview();
    const { eventLastSeen: _, updatedAt: __, ...undated } = sshBruteForce({ at: now });
    preview.add(undated);
    preview.add(undated);
    preview.skip(new RemediationError({ code: 'NOT_A_FINDING', message: 'in file.json' }));
    const text = previewText(preview.report());
    expect(text).toContain('1 copy of findings left out');
    expect(text).toContain('1 finding without a time');
    expect(text).toContain('NOT_A_FINDING in file.json');
  });

  it('has something to say about nothing', () => {
    expect(previewText(newPreview().report())).toContain('0 findings\n0 attackers of 0');
  });
});
