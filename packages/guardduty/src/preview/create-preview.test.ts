import { days, hours, isRemediationError, minutes, RemediationError } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../finding.ts';
import {
  awsApiCall,
  dnsRequest,
  dropPoint,
  malware,
  portProbe,
  routableDocumentationRanges,
  s3ApiCall,
  sshBruteForce,
  unknownType,
} from '../testing/index.ts';
import { createPreview } from './create-preview.ts';
import type { PreviewOptions } from './options.ts';
import type { PreviewReport } from './report.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const at = (ago: number): Date => new Date(now.getTime() - ago);
const lastWeek = at(days(7));

const previewOf = (findings: readonly Finding[], options: PreviewOptions = {}): PreviewReport => {
  const preview = createPreview({ addressRanges: routableDocumentationRanges, now: () => now, ...options });
  for (const finding of findings) preview.add(finding);
  return preview.report();
};

const ssh = (options: Parameters<typeof sshBruteForce>[0] = {}): Finding =>
  sshBruteForce({ from: '198.51.100.7', at: lastWeek, ...options });

const total = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

describe('createPreview', () => {
  it('says who would have been blocked, for how long, from where, and how full that made the subnet', () => {
    const report = previewOf([ssh()]);
    expect(report.findings).toEqual({ blocked: 1, 'not-blocked': 0, escalated: 0, refused: 0, ignored: 0 });
    expect(report.attackers).toMatchObject({
      total: 1,
      longestDeniedMs: hours(24),
      medianDeniedMs: hours(24),
      rows: [{ cidr: '198.51.100.7/32', country: 'Iceland', outcome: 'blocked', findings: 1, places: 1 }],
    });
    expect(report.attackers.rows[0]).not.toHaveProperty('reason');
    expect(report.countries.rows).toEqual([{ country: 'Iceland', attackers: 1, blocked: 1 }]);
    expect(report.fill).toMatchObject({
      places: 1,
      everFull: 0,
      rows: [{ kind: 'subnet', direction: 'ingress', peak: 1 }],
    });
    expect(report.period).toEqual({ from: lastWeek.toISOString(), to: lastWeek.toISOString() });
    expect(report.escalations).toBe(0);
  });

  it('G20: takes every address of a port probe, and G21: IPv6 as its network', () => {
    const report = previewOf([
      portProbe({
        at: lastWeek,
        addresses: [
          { address: '198.51.100.1', port: 22 },
          { address: '198.51.100.2', port: 8080 },
          { address: '2001:db8::3', port: 22 },
        ],
      }),
    ]);
    expect(report.attackers.rows.map(({ cidr }) => cidr).toSorted()).toEqual([
      '198.51.100.1/32',
      '198.51.100.2/32',
      '2001:db8::/64',
    ]);
    // Half-open probes could be forged: an hour at most.
    expect(report.attackers.longestDeniedMs).toBe(hours(1));
  });

  it('judges each finding as at its own time: an old one is not stale', () => {
    expect(previewOf([ssh({ at: at(days(400)) })]).findings.blocked).toBe(1);
  });

  it('escalates a finding from the future, and one without a time', () => {
    const future = previewOf([ssh({ at: at(-days(2)) })]);
    expect(future.escalated.rows).toMatchObject([{ reason: 'stale', findings: 1 }]);
    const { eventLastSeen: _, updatedAt: __, ...undated } = ssh();
    const report = previewOf([undated]);
    expect(report).toMatchObject({ findings: { blocked: 0, escalated: 1 }, read: { undated: 1 } });
    expect(report).not.toHaveProperty('period');
  });

  it('G23, G24: refuses sample, archived, reserved and allow-listed, by range and not by text', () => {
    const report = previewOf(
      [
        ssh({ sample: true }),
        { ...ssh({ id: 'b' }), archived: true },
        ssh({ id: 'c', from: '10.1.2.3' }),
        ssh({ id: 'd', from: '203.0.113.9' }),
        ssh({ id: 'e', from: '198.51.100.71' }),
      ],
      { allowList: ['203.0.113.0/24', '198.51.100.7'] },
    );
    expect(report.findings).toMatchObject({ refused: 4, blocked: 1 });
    expect(
      report.reasons.rows
        .filter(({ outcome }) => outcome === 'refused')
        .map(({ reason }) => reason)
        .toSorted(),
    ).toEqual(['allow-listed', 'archived', 'reserved', 'sample']);
    expect(report.attackers.rows.find(({ cidr }) => cidr === '203.0.113.9/32')).toMatchObject({
      outcome: 'refused',
      reason: 'allow-listed',
      deniedMs: 0,
    });
    expect(report.notChecked.map(({ check }) => check)).not.toContain('Allow-list');
  });

  it('refuses the addresses of AWS services where their ranges are given', () => {
    const awsRanges = { services: ['203.0.113.0/28'], ec2: [], amazon: [], asOf: now };
    const findings = [ssh({ from: '203.0.113.9' }), ssh({ id: 'b', from: '203.0.113.16' })];
    const report = previewOf(findings, { awsRanges });
    expect(report.reasons.rows).toContainEqual(
      expect.objectContaining({ outcome: 'refused', reason: 'aws-service-range', decisions: 1 }),
    );
    expect(report.findings).toMatchObject({ refused: 1, blocked: 1 });
    expect(report.assumptions.awsRangesAsOf).toBe(now.toISOString());
    const checks = ({ notChecked }: PreviewReport): string[] => notChecked.map(({ check }) => check);
    expect(checks(report)).not.toContain('Address ranges of AWS services');
    expect(checks(previewOf(findings))).toContain('Address ranges of AWS services');
  });

  it('refuses an account that is not listed, and lists none where none is given', () => {
    expect(previewOf([ssh()], { accounts: ['444455556666'] }).reasons.rows).toMatchObject([
      { outcome: 'refused', reason: 'account-not-listed' },
    ]);
    expect(previewOf([ssh()], { accounts: [] }).findings.refused).toBe(1);
  });

  it('G14: escalates what our own host did, and says which findings call a person and why', () => {
    const report = previewOf([
      ssh({ role: 'ACTOR' }),
      dropPoint({ at: lastWeek }),
      dnsRequest({ at: lastWeek }),
      malware({ at: lastWeek }),
      awsApiCall({ at: lastWeek }),
      unknownType({ at: lastWeek }),
    ]);
    expect(report.escalations).toBe(6);
    expect(report.escalated.rows.find(({ reason }) => reason === 'drop-point')).toMatchObject({
      findings: 1,
      alsoBlocking: 1,
    });
    expect(report.escalated.rows.find(({ reason }) => reason === 'our-host-attacks')).toMatchObject({
      type: 'UnauthorizedAccess:EC2/SSHBruteForce',
      alsoBlocking: 0,
      examples: [{ accountId: '111122223333', region: 'eu-west-1' }],
    });
    // Whom our host attacks is a victim, not an attacker.
    expect(report.attackers.rows.map(({ outcome }) => outcome)).toEqual(['blocked']);
    expect(report.fill.rows).toMatchObject([{ direction: 'egress' }]);
  });

  it('ignores what calls nobody', () => {
    const quiet = s3ApiCall({ at: lastWeek, type: 'Discovery:S3/AnomalousBehavior' } as Parameters<
      typeof s3ApiCall
    >[0]);
    expect(previewOf([{ ...quiet, type: 'Discovery:S3/AnomalousBehavior' }]).findings.ignored).toBe(1);
  });

  it('goes by instance where no subnet is named, and blocks nobody where no instance is', () => {
    const { instance: _, ...nowhere } = ssh({ id: 'b' });
    const instance = { instanceId: 'i-1', interfaces: [{ privateIpv4: [], ipv6: [] }] };
    const report = previewOf([{ ...ssh(), instance }, nowhere]);
    expect(report.fill.rows).toMatchObject([{ kind: 'instance', id: 'i-1' }]);
    expect(report.findings).toMatchObject({ blocked: 1, 'not-blocked': 1 });
    expect(report.reasons.rows).toContainEqual(
      expect.objectContaining({ reason: 'no-instance', outcome: 'not-blocked' }),
    );
  });

  it('collapses copies of one finding, and takes its later states', () => {
    const later = ssh({ id: 'f', at: at(days(6.5)) });
    const report = previewOf([ssh({ id: 'f' }), ssh({ id: 'f' }), later]);
    expect(report.read).toMatchObject({ findings: 2, copies: 1 });
    expect(report.attackers.longestDeniedMs).toBe(hours(36));
    expect(report.fill.rows).toMatchObject([{ written: 1, extended: 1 }]);
  });

  it('comes to the same whatever the order of the findings', () => {
    const findings = Array.from({ length: 60 }, (_, index) =>
      ssh({ id: `f${index}`, from: `198.51.100.${index % 40}`, at: at(days(7) - minutes(index * 7)) }),
    );
    const forth = previewOf(findings);
    expect(forth.fill.everFull).toBe(1);
    const same = ({ fill, findings: counts, attackers }: PreviewReport) => ({
      fill,
      counts,
      byOutcome: attackers.byOutcome,
    });
    expect(same(previewOf(findings.toReversed()))).toEqual(same(forth));
  });

  it('says when there was no room, and leaves none where the own rules take it', () => {
    const crowd = Array.from({ length: 20 }, (_, index) => ssh({ id: `f${index}`, from: `198.51.100.${index}` }));
    const report = previewOf(crowd);
    expect(report.assumptions.capacity).toBe(16);
    expect(report.findings).toMatchObject({ blocked: 16, 'not-blocked': 4 });
    expect(report.attackers.byOutcome).toMatchObject({ blocked: 16, 'not-blocked': 4 });
    expect(previewOf(crowd, { ownRules: 17 }).findings).toMatchObject({ blocked: 0, 'not-blocked': 20 });
  });

  it('counts every finding once, under what was weightiest', () => {
    const findings = [ssh(), dropPoint({ at: lastWeek }), malware({ at: lastWeek }), ssh({ sample: true })];
    const report = previewOf(findings);
    expect(total(report.findings)).toBe(report.read.findings);
    expect(report.types.rows.reduce((sum, { findings: count }) => sum + count, 0)).toBe(report.read.findings);
  });

  it('judges and counts beyond its limits, and says that it did not simulate', () => {
    const crowd = Array.from({ length: 9 }, (_, index) =>
      ssh({ id: `f${index}`, from: `198.51.100.${index}`, subnetId: `subnet-${index}` }),
    );
    for (const limits of [{ sightings: 3 }, { attackers: 3 }, { places: 3 }]) {
      const report = previewOf(crowd, { limits });
      expect(report.read.notSimulated).toBe(6);
      expect(report.findings).toMatchObject({ blocked: 3, 'not-blocked': 6 });
      expect(report.reasons.rows).toContainEqual(expect.objectContaining({ reason: 'not-simulated', decisions: 6 }));
    }
    const short = previewOf(crowd, { limits: { rows: 2, types: 1 } });
    expect(short.attackers).toMatchObject({ total: 9, omitted: 7 });
    expect(short.attackers.rows).toHaveLength(2);
    expect(short.fill).toMatchObject({ places: 9, omitted: 7 });
  });

  it('keeps the first errors and counts all', () => {
    const preview = createPreview();
    for (let index = 0; index < 30; index++) {
      preview.skip(new RemediationError({ code: 'NOT_A_FINDING', message: 'x'.repeat(10_000) }));
    }
    const { read } = preview.report();
    expect(read).toMatchObject({ unreadable: 30, findings: 0 });
    expect(read.errors).toHaveLength(20);
    expect(read.errors[0]?.message.length).toBeLessThanOrEqual(500);
  });

  it('is plain JSON', () => {
    const report = previewOf([ssh(), dropPoint({ at: lastWeek })]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it.each([
    [{ quota: 0 }, 'quota'],
    [{ quota: 41 }, 'quota'],
    [{ quota: 20, headroom: 21 }, 'headroom'],
    [{ ownRules: -1 }, 'ownRules'],
    [{ blockFor: 0 }, 'blockFor'],
    [{ blockFor: days(8), maxBlockFor: days(7) }, 'maxBlockFor'],
    [{ allowList: ['010.0.0.1'] }, 'allowList'],
    [{ accounts: ['1'] }, 'accounts'],
  ] satisfies [PreviewOptions, string][])('refuses %j before anything is read', (options, named) => {
    let thrown: unknown;
    try {
      createPreview(options);
    } catch (error) {
      thrown = error;
    }
    expect(isRemediationError(thrown) && thrown.code).toBe('PREVIEW_OPTION_INVALID');
    expect(String(thrown)).toContain(`"${named}"`);
  });
});
