import { describe, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import { parseFinding } from '../parse/index.ts';
import { awsApiCallEvent, s3ApiCallEvent } from '../testing/api-events.ts';
import { sshBruteForce } from '../testing/findings.ts';
import { alertMessage } from './alert-message.ts';
import { findingMessage } from './finding-message.ts';
import { keyOf, matterOf } from './matter.ts';
import { sampleBlock, sampleFinding, sampleThreatOutcome } from './sample-outcomes.ts';

const key = (changes: Partial<Finding> = {}): Finding => ({ ...parseFinding(awsApiCallEvent()), ...changes });
const apart = (one: Finding, other: Finding): boolean => matterOf(one) !== matterOf(other);

describe('the matter of a finding', () => {
  it('is in every message about it', () => {
    const finding = key();
    expect(alertMessage(finding)).toMatchObject({ key: keyOf(finding), subject: { matter: matterOf(finding) } });
    expect(findingMessage({ ...sampleBlock([sampleThreatOutcome()]), finding })).toMatchObject({
      key: keyOf(finding),
      subject: { matter: matterOf(finding) },
    });
  });

  it('is one for the copies of a member and of its administrator, and so is the key', () => {
    const finding = sshBruteForce();
    const copy: Finding = { ...finding, copyIn: '444455556666' };
    expect([keyOf(copy), matterOf(copy)]).toEqual([keyOf(finding), matterOf(finding)]);
    expect(matterOf(finding)).toBe(keyOf(finding));
  });

  it('is one for findings of several Regions about one principal, whose keys are their own', () => {
    const [here, there] = [key(), key({ region: 'us-east-1', id: 'another' })];
    expect(matterOf(here)).toBe(matterOf(there));
    expect(keyOf(here)).not.toBe(keyOf(there));
  });

  it('is another for another type, account or principal, and for each session of a role', () => {
    const session = (name: string): Finding => key({ principal: { principalId: `AROAEXAMPLE000000001:${name}` } });
    expect(apart(key(), key({ type: 'Policy:IAMUser/RootCredentialUsage' }))).toBe(true);
    expect(apart(key(), key({ accountId: '444455556666' }))).toBe(true);
    expect(apart(key(), key({ principal: { principalId: 'AIDAEXAMPLE0000000002', userName: 'alice' } }))).toBe(true);
    expect(apart(session('i-0a11ce00000000001'), session('i-0a11ce00000000002'))).toBe(true);
  });

  it('is the finding itself for a sample, without a principal, and where a principal is not what it is about', () => {
    const { principal: _, ...nobody } = key();
    const bucket = parseFinding(s3ApiCallEvent());
    expect(bucket.principal).toBeDefined();
    for (const finding of [key({ sample: true }), nobody, key({ principal: { type: 'Root' } }), bucket])
      expect(matterOf(finding)).toBe(keyOf(finding));
  });

  it('fits into its place, and stays apart from what begins alike', () => {
    const long = 'x'.repeat(300);
    for (const [one, other] of [
      [keyOf(sampleFinding({ id: `${long}1` })), keyOf(sampleFinding({ id: `${long}2` }))],
      [matterOf(key({ principal: { userName: `${long}1` } })), matterOf(key({ principal: { userName: `${long}2` } }))],
    ]) {
      expect(one).not.toBe(other);
      expect(one).toHaveLength(255);
    }
  });
});
