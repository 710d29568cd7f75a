import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRemediationError, type RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from './finding.ts';
import { type Form, forms, recogniseForm } from './parse/form.ts';
import { parseFinding } from './parse/index.ts';
import { extractThreats } from './threats/extract.ts';

// A folder of public finding documents with an index.tsv (file, form, type, …); not part of this repository.
const folder = process.env.REMEDYKIT_CORPUS;

interface Row {
  readonly file: string;
  readonly form: string;
  readonly type: string;
}

const rowsOf = (folder: string): Row[] => {
  const lines = readFileSync(join(folder, 'index.tsv'), 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [file = '', form = '', type = ''] = line.split('\t');
    return { file, form, type };
  });
};

/** The forms that a row of the index may turn out to have; the index does not tell PascalCase events apart. */
const formsOf: Readonly<Record<string, readonly Form[]>> = {
  eventbridge: ['eventbridge-finding', 'eventbridge-pascal'],
  'bare-camel': ['bare-finding'],
  'api-pascal': ['bare-pascal'],
  asff: ['asff'],
  ocsf: ['ocsf'],
  'eventbridge-asff': ['eventbridge-asff'],
  'eventbridge-ocsf': ['eventbridge-ocsf'],
  'sns-sqs': ['sns-event', 'sqs-event'],
};

const attempt = (document: unknown): Finding | RemediationError => {
  try {
    return parseFinding(document);
  } catch (error) {
    if (isRemediationError(error)) return error;
    throw error;
  }
};

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});

/**
 * What stands in the way of reading a camelCase document, judged here without the parser: some public documents were cut
 * or masked by whoever published them, and must give an error that names what is gone.
 */
const gaps = (document: unknown): string[] => {
  const outer = fieldsOf(document);
  const enveloped = 'detail' in outer;
  const finding = enveloped ? fieldsOf(outer.detail) : outer;
  const prefix = enveloped ? 'detail.' : '';
  // Without its source an event is taken from nobody, whatever else it lacks.
  if (enveloped && outer.source !== 'aws.guardduty') return ['source'];
  return [
    ...['id', 'type', 'region'].filter((field) => typeof finding[field] !== 'string'),
    ...(/^\d{12}$/.test(String(finding.accountId)) ? [] : ['accountId']),
    ...(Number.isFinite(Number(finding.severity)) ? [] : ['severity']),
  ].map((field) => prefix + field);
};

const withoutPrefix = (cidr: string): string => cidr.replace(/\/\d+$/, '');

describe.skipIf(folder === undefined)('public documents (REMEDYKIT_CORPUS)', () => {
  const rows = folder === undefined ? [] : rowsOf(folder);
  const read = (file: string): string => readFileSync(join(folder ?? '', file), 'utf8');

  it('has documents of every form that the index names', () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ form }) => !Object.hasOwn(formsOf, form))).toEqual([]);
  });

  it.each(rows)('G20, G22: $file', ({ file, form: indexed, type }) => {
    const text = read(file);
    const document: unknown = JSON.parse(text);
    const form = recogniseForm(document);
    expect(formsOf[indexed]).toContain(form);
    const result = attempt(document);
    if (form !== 'eventbridge-finding' && form !== 'bare-finding') {
      expect(result).toMatchObject({
        code: 'FINDING_FORM_UNSUPPORTED',
        message: expect.stringContaining(forms[form]),
      });
      return;
    }
    const missing = gaps(document);
    if (missing.length > 0) {
      expect(result).toMatchObject({ code: expect.stringMatching(/^FINDING_(MALFORMED|SOURCE_FOREIGN)$/) });
      for (const path of missing) expect(result).toMatchObject({ message: expect.stringContaining(`${path} is `) });
      return;
    }
    expect(result).toMatchObject({ type });
    if (isRemediationError(result)) return;
    for (const threat of extractThreats(result)) {
      expect(threat.reason).not.toBe('address-unreadable');
      if (threat.address !== undefined) expect(text).toContain(`"${withoutPrefix(threat.address)}"`);
    }
  });

  it('finds every remote IPv4 address that a camelCase document names', () => {
    const remoteAddress = /"(?:remoteIpDetails"\s*:\s*\{\s*"ipAddressV4|sourceIPs"\s*:\s*\[\s*)"?\s*:?\s*"([\d.]+)"/g;
    let found = 0;
    for (const { file } of rows) {
      const text = read(file);
      const result = attempt(JSON.parse(text));
      if (isRemediationError(result)) continue;
      const addresses = extractThreats(result).flatMap(({ address }) => address ?? []);
      const named = [...text.matchAll(remoteAddress)].map(([, address]) => `${address}/32`);
      expect(addresses, file).toEqual(expect.arrayContaining(named));
      found += named.length;
    }
    expect(found).toBeGreaterThan(0);
  });
});
