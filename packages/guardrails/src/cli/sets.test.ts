import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baselineCatalog } from '../baselines/catalog.ts';
import { runCli } from './main.ts';

const run = (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []];
  const code = runCli(argv, { out: (line) => void out.push(line), err: (line) => void err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
};

const breakGlass = 'arn:aws:iam::111122223333:role/BreakGlass';
const parameters = JSON.stringify({
  budget: { monthlyUsd: 100, notify: ['cloud@example.com'] },
  exemptions: {
    exemptedPrincipalArns: [
      { value: breakGlass, reason: 'SEC-12', expires: '2100-01-01' },
      {
        value: 'arn:aws:iam::*:role/AWSControlTowerExecution',
        reason: 'landing zone',
        expires: '2100-01-01',
        existsEverywhere: true,
        managedBy: [breakGlass],
      },
    ],
  },
});
const unit = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678';
const all = ['--parameters', parameters, '--allowed-regions', 'eu-west-1', '--organization', 'o-a1b2c3d4e5'];

describe('sets on the command line', () => {
  it('list names them, for people and as JSON', () => {
    const names = baselineCatalog.map(({ name }) => name);
    for (const name of names) expect(run('list').out).toMatch(new RegExp(`^${name} +set `, 'm'));
    expect(JSON.parse(run('list', '--json').out).sets.map(({ name }: { name: string }) => name)).toEqual(names);
  });
  it.each(baselineCatalog.map(({ name }) => name))('%s: printed and packed in each format', (name) => {
    const { code, out, err } = run('print', name, ...all);
    expect(code).toBe(0);
    const { policies, report, members, settings, declarative } = JSON.parse(out);
    expect(policies[0].name).toBe(`guardrails-${name}-scp-1`);
    expect(report.slots[0].headroom).toBeGreaterThan(0);
    expect(members.length).toBeGreaterThanOrEqual(settings.length + declarative.length);
    expect(err).toContain('headroom');
    for (const format of ['terraform', 'cloudformation']) {
      const args = [name, ...all, '--format', format];
      expect(run('print', ...args)).toMatchObject({ code: 0 });
      expect(run('print', ...args).out).toBe(run('pack', ...args).out);
    }
  });
  it('with a unit, Control Tower’s own controls stand for what they do as well, and it says so', () => {
    const { out, err } = run('print', 'foundation', ...all, '--control-tower', unit);
    expect(JSON.parse(out).controls).toContainEqual({
      controlIdentifier: 'arn:aws:controlcatalog:::control/ka8e3pkqefnjsxuyc26ji580',
      targetIdentifier: unit,
      parameters: [
        { key: 'AllowedRegions', value: ['eu-west-1'] },
        { key: 'ExemptedPrincipalArns', value: [breakGlass] },
      ],
    });
    expect(err).toContain('CT.MULTISERVICE.PV.1 stands for restrictRegions');
    expect(err).toMatch(/3 reserved/);
    const terraform = JSON.parse(
      run('print', 'foundation', ...all, '--control-tower', unit, '--format', 'terraform').out,
    );
    expect(Object.keys(terraform.resource.aws_controltower_control)).toHaveLength(6);
  });
  it('the settings of each account, and what CloudFormation cannot make', () => {
    const account = (...more: string[]) => run('print', 'foundation', ...all, '--part', 'account', ...more);
    expect(JSON.parse(account().out).map(({ id }: { id: string }) => id)).toContain('s3BlockPublicAccess');
    expect(Object.keys(JSON.parse(account('--format', 'terraform').out).resource)).toContain(
      'aws_s3_account_public_access_block',
    );
    const { out, err } = account('--format', 'cloudformation');
    expect(Object.keys(JSON.parse(out).Resources)).toEqual(['AccessAnalyzer', 'GuardDutyDetector']);
    expect(err).toContain('s3BlockPublicAccess: CloudFormation has no resource for it; S3Control.PutPublicAccessBlock');
  });
  it('diff of a set before and after', () => {
    const folder = mkdtempSync(join(tmpdir(), 'guardrails-sets-'));
    try {
      const before = join(folder, 'before.json');
      writeFileSync(before, run('pack', 'sandbox', ...all).out);
      expect(run('diff', before, 'sandbox', ...all)).toMatchObject({ code: 0, out: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it.each([
    ['no budget for the sandbox', ['print', 'sandbox', '--allowed-regions', 'eu-west-1'], 'budget'],
    ['no exemption for the suspended', ['print', 'suspended'], 'exemptions'],
    ['no organisation for workloads', ['print', 'workload'], '--organization'],
    ['a part that is none', ['print', 'foundation', ...all, '--part', 'all'], '--part'],
    ['settings of a set without any', ['print', 'suspended', ...all, '--part', 'account'], 'sets nothing'],
    [
      'an organisation for what is no set',
      ['print', 'denyLeaveOrganization', '--organization', 'o-a1b2c3d4e5'],
      'sets',
    ],
    ['a unit that is none', ['print', 'foundation', ...all, '--control-tower', 'ou-ab12-12345678'], 'ARN'],
    [
      'a budget of another form',
      ['print', 'sandbox', ...all, '--parameters', '{"budget":{"monthlyUsd":1}}'],
      'sandbox',
    ],
  ])('%s is misuse', (_, args, told) => {
    expect(run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(told) });
  });
});
