import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRemediationError, type RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from './finding.ts';
import { parseFindings } from './parse/index.ts';
import { kindOf } from './parse/parse-error.ts';
import { extractThreats } from './threats/extract.ts';

// A folder of public finding documents, one form or another in each file; not part of this repository. What a document
// holds is judged here without the parser, by rules and not by names of files, so that any such folder will do.
const folder = process.env.REMEDYKIT_CORPUS;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** A field under its own name or with a capital. */
const get = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((at, name) => {
    const fields = fieldsOf(at);
    return fields[name] ?? fields[name.charAt(0).toUpperCase() + name.slice(1)];
  }, value);

/** The finding documents in whatever envelopes. */
const findingsOf = (value: unknown): Fields[] => {
  if (Array.isArray(value)) return value.flatMap(findingsOf);
  const fields = fieldsOf(value);
  const text = fields.body ?? fields.Message ?? get(fields, 'sns', 'message');
  if (typeof text === 'string') return findingsOf(JSON.parse(text));
  const inner = fields.Records ?? fields.Findings ?? fields.findings ?? fields.detail;
  return inner === undefined ? [fields] : findingsOf(inner);
};

const canonical = (address: string): string =>
  address.includes(':') ? `${new URL(`http://[${address}]`).hostname.slice(1, -1)}/128` : `${address}/32`;

const remoteKeys = /remoteIpDetails\/ipAddressV[46]$|kubernetesApiCallAction\/sourceI(?:Ps|ps)/i;

const addressesUnder = (action: unknown): unknown[] => {
  if (Array.isArray(action)) return action.flatMap(addressesUnder);
  if (typeof action !== 'object' || action === null) return [];
  return Object.entries(action).flatMap(([key, value]) => {
    if (/^remoteIpDetails$/i.test(key)) return [get(value, 'ipAddressV4'), get(value, 'ipAddressV6')];
    return /^sourceIps$/i.test(key) ? listOf(value) : addressesUnder(value);
  });
};

/** Addresses of Security Hub's newer format: of the evidence, but those of the resources themselves. */
const ocsfAddresses = (finding: Fields): unknown[] => {
  const own = JSON.stringify(finding.resources ?? null);
  const ends = listOf(finding.evidences).flatMap((each) => [
    get(each, 'src_endpoint', 'ip'),
    get(each, 'dst_endpoint', 'ip'),
  ]);
  return ends.filter((end) => typeof end === 'string' && !own.includes(`"${end}"`));
};

/** Every remote address that a finding document names. */
const remoteAddresses = (finding: Fields): string[] => {
  // Some log pipelines rename it.
  const service = get(finding, 'service') ?? finding.finding;
  const named = [
    ...addressesUnder(get(service, 'action')),
    ...addressesUnder(finding.Action),
    ...listOf(get(service, 'detection', 'sequence', 'endpoints')).map((each) => get(each, 'ip')),
    ...Object.entries(fieldsOf(finding.ProductFields)).flatMap(([key, value]) => (remoteKeys.test(key) ? [value] : [])),
    ...ocsfAddresses(finding),
  ].filter((address) => typeof address === 'string' && address !== '');
  return [...new Set(named.map((address) => canonical(String(address))))].sort();
};

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => {
    const opened: unknown = typeof inner === 'string' ? JSON.parse(inner) : inner;
    return fieldsOf(opened)[name];
  }, value);

/** What each expectation means, where a test can tell without the parser. */
const isMet: Readonly<Record<string, (value: unknown) => boolean>> = {
  'a string of 12 digits': (value) => typeof value === 'string' && /^\d{12}$/.test(value),
  'the name of a Region as a string': (value) => typeof value === 'string' && /^[a-z]+(-[a-z]+)+-\d+$/.test(value),
  'a number from 0 to 10': (value) => value !== '' && Number(value) >= 0 && Number(value) <= 10,
  'a string': (value) => typeof value === 'string',
  'an object': (value) => typeof value === 'object' && !Array.isArray(value),
};

/** True for a Security Hub finding under AWS's own GuardDuty product. */
const isOfGuardDuty = (finding: Fields): boolean =>
  [finding.ProductArn, get(finding, 'metadata', 'product', 'uid')].some((arn) =>
    /^arn:aws[a-z-]*:securityhub:[a-z0-9-]+::product(v2)?\/aws\/guardduty$/.test(String(arn)),
  );

/** A coded error is explained when it says of the document what is so. */
const isExplained = ({ code, message }: RemediationError, document: unknown): boolean => {
  const [finding = {}] = findingsOf(document);
  switch (code) {
    case 'FINDING_SOURCE_FOREIGN':
      return !/"aws\.(guardduty|securityhub)"/.test(JSON.stringify(document));
    case 'NOT_A_FINDING':
      return 'scanStatus' in finding || (get(finding, 'type') === undefined && !isOfGuardDuty(finding));
    case 'FINDING_FORM_UNSUPPORTED':
      return 'Data' in fieldsOf(document);
    case 'FINDING_MALFORMED': {
      const faults = [...message.matchAll(/[:;] (\S+) is (missing|null|an? \w+), expected ([^;]+?)(?=;|\.$)/g)];
      return (
        faults.length > 0 &&
        faults.every(([, path = '', kind, expected = '']) => {
          const value = at(document, path);
          return kindOf(value) === kind && !isMet[expected]?.(value);
        })
      );
    }
    default:
      return false;
  }
};

const attempt = (text: string): Finding[] | RemediationError => {
  try {
    return parseFindings(text);
  } catch (error) {
    if (isRemediationError(error)) return error;
    throw error;
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

describe.skipIf(folder === undefined)('public documents (REMEDYKIT_CORPUS)', () => {
  const names = readdirSync(folder ?? '.', { recursive: true, encoding: 'utf8' });
  const files = folder === undefined ? [] : names.filter((name) => name.endsWith('.json')).sort();
  const textOf = (file: string): string => readFileSync(join(folder ?? '', file), 'utf8');

  it.each(files)('G20, G21, G22: %s', (file) => {
    const text = textOf(file);
    const result = attempt(text);
    const document = parsed(text);
    if (document === undefined) {
      expect(result).toMatchObject({ code: 'FINDING_NOT_JSON', message: expect.stringMatching(/position \d+/) });
    } else if (isRemediationError(result)) {
      expect({ message: result.message, explained: isExplained(result, document) }).toMatchObject({ explained: true });
    } else {
      const documents = findingsOf(document);
      const addresses = result.map((finding) =>
        extractThreats(finding)
          .flatMap(({ address }) => address ?? [])
          .sort(),
      );
      expect(addresses).toEqual(documents.map(remoteAddresses));
      const types = documents.map((finding) => get(finding, 'type') ?? expect.any(String));
      expect(result.map(({ type }) => type)).toEqual(types);
    }
  });

  it('has documents with addresses, documents without, and documents that cannot be read', () => {
    const results = files.map((file) => attempt(textOf(file)));
    const threats = results.map((result) => (isRemediationError(result) ? undefined : result.flatMap(extractThreats)));
    expect(threats.some((found) => found === undefined)).toBe(true);
    expect(threats.some((found) => found?.some(({ address }) => address !== undefined))).toBe(true);
    expect(threats.some((found) => found?.every(({ address }) => address === undefined))).toBe(true);
  });
});
