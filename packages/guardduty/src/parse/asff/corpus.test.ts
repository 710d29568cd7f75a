import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../finding.ts';
import { extractThreats } from '../../threats/extract.ts';
import { ocsfFinding } from '../ocsf/index.ts';
import { isRecord } from '../parse-error.ts';
import { asffFinding } from './index.ts';

// A folder of public finding documents with an index.tsv (file, form, …); not part of this repository.
const folder = process.env.REMEDYKIT_CORPUS;

const forms: ReadonlySet<string> = new Set(['asff', 'eventbridge-asff', 'ocsf', 'eventbridge-ocsf']);

const filesIn = (folder: string): (readonly [file: string, form: string])[] =>
  readFileSync(join(folder, 'index.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .flatMap(([file = '', form = '']) => (forms.has(form) ? [[file, form] as const] : []));

const listAt = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const findingsOf = (document: unknown): readonly unknown[] =>
  isRecord(document) && isRecord(document.detail) ? listAt(document.detail.findings) : [document];

/** Remote addresses of a document, found without the reader: by the keys that hold them, wherever they stand. */
const remoteAddresses = (text: string): string[] => [
  ...new Set(
    [
      ...text.matchAll(
        /"[^"]*(?:remoteIpDetails\/ipAddressV[46]|(?:src|dst)_endpoint)"\s*:\s*(?:\{[^}]*"ip"\s*:\s*)?"([^"]+)"/g,
      ),
    ].flatMap(([, address]) => address ?? []),
  ),
];

/** Masked by whoever published it: the ARN names another account than the finding. */
const maskedApart = (finding: Readonly<Record<string, unknown>>): boolean => {
  const info = isRecord(finding.finding_info) ? finding.finding_info.uid : finding.Id;
  const cloud = isRecord(finding.cloud) && isRecord(finding.cloud.account) ? finding.cloud.account.uid : undefined;
  return String(info).split(':')[4] !== (cloud ?? finding.AwsAccountId);
};

describe.skipIf(folder === undefined)('public documents of Security Hub (REMEDYKIT_CORPUS)', () => {
  const rows = folder === undefined ? [] : filesIn(folder);

  it('are there in both formats', () => {
    expect(new Set(rows.map(([, form]) => form.replace('eventbridge-', '')))).toEqual(new Set(['asff', 'ocsf']));
  });

  it.each(rows)('G20, G22: %s has exactly the addresses of the document', (file, form) => {
    const text = readFileSync(join(folder ?? '', file), 'utf8');
    const read = form.endsWith('asff') ? asffFinding : ocsfFinding;
    const found: Finding[] = [];
    for (const finding of findingsOf(JSON.parse(text))) {
      if (!isRecord(finding)) throw new Error('A finding of the document is no object.');
      try {
        found.push(read(finding, { envelope: 'a Security Hub finding', path: [] }, { channel: 'bare' }));
      } catch (error) {
        expect(isRemediationError(error) && error.code).toBe('FINDING_MALFORMED');
        expect(maskedApart(finding)).toBe(true);
      }
    }
    if (found.length === 0) return;
    const addresses = found.flatMap(extractThreats).flatMap(({ address }) => address ?? []);
    expect(addresses.map((cidr) => cidr.replace(/\/\d+$/, '')).toSorted()).toEqual(remoteAddresses(text).toSorted());
  });
});
