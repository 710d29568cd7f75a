import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blockPublicSnapshots, denyLeaveOrganization, detectRestrictedSsh, restrictRegions } from '../index.ts';
import { guardrailCatalog } from '../templates/catalog.ts';
import { runCli } from './main.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardrails-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const run = (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []];
  const code = runCli(argv, { out: (line) => void out.push(line), err: (line) => void err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
};

const deny = (Action: string, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Deny', Effect: 'Deny', Action, Resource: '*', ...more }],
});
const fine = deny('organizations:LeaveOrganization');
const dead = deny('macie:DisableMacie');

describe('usage', () => {
  it('help is fine; an unknown command, or none, is not', () => {
    expect(run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('guardrails lint') });
    expect(run()).toMatchObject({ code: 2, out: '' });
    expect(run('lintt')).toMatchObject({ code: 2, err: expect.stringContaining('no command lintt') });
    expect(run('toString').code).toBe(2);
  });
  it('options that a command does not know', () => {
    expect(run('list', '--jsn')).toMatchObject({ code: 2, err: expect.stringContaining('--jsn') });
    expect(run('lint', '--type', 'sop', 'x.json').code).toBe(2);
  });
});

describe('list', () => {
  it('names every template, for people and as JSON', () => {
    const names = guardrailCatalog.map(({ name }) => name);
    for (const name of names) expect(run('list').out).toContain(name);
    expect(JSON.parse(run('list', '--json').out).templates.map(({ name }: { name: string }) => name)).toEqual(names);
  });
});

describe('print', () => {
  it('prints the document of the template', () => {
    const { code, out } = run('print', 'denyLeaveOrganization');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(denyLeaveOrganization().document);
    expect(out.split('\n').length).toBeGreaterThan(5);
    expect(run('print', 'denyLeaveOrganization', '--minify').out).not.toMatch(/\s/);
  });
  it('takes parameters, as options, as JSON and from a file; dates are text', () => {
    const expires = new Date('2030-01-01');
    const exemptions = {
      exemptedPrincipalArns: [{ value: 'arn:aws:iam::111122223333:role/x', reason: 'CHG-1', expires }],
    };
    const expected = restrictRegions({ allowedRegions: ['eu-west-1', 'eu-central-1'], exemptions }).document;
    const regions = ['--allowed-regions', 'eu-west-1, eu-central-1'];
    const inline = run('print', 'restrictRegions', ...regions, '--parameters', JSON.stringify({ exemptions }));
    expect(JSON.parse(inline.out)).toEqual(expected);
    const path = file('parameters.json', { exemptions });
    expect(JSON.parse(run('print', 'restrictRegions', ...regions, '--parameters', path).out)).toEqual(expected);
  });
  it('prints declarative policies, rules of AWS Config and controls as well', () => {
    expect(JSON.parse(run('print', 'blockPublicSnapshots').out)).toEqual(blockPublicSnapshots().document);
    expect(JSON.parse(run('print', 'detectRestrictedSsh').out)).toEqual(detectRestrictedSsh().rules);
    const targetIdentifier = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-12345678';
    const control = { control: 'CT.MULTISERVICE.PV.1', targetIdentifier };
    const { out } = run(
      'print',
      'enableControl',
      '--allowed-regions',
      'eu-west-1',
      '--parameters',
      JSON.stringify(control),
    );
    expect(JSON.parse(out)).toMatchObject({ targetIdentifier, parameters: [{ key: 'AllowedRegions' }] });
  });
  it('says what is wrong with parameters, and with names', () => {
    expect(run('print', 'restrictRegions')).toMatchObject({ code: 2, err: expect.stringContaining('restrictRegions') });
    expect(run('print', 'restrictRegions', '--allowed-regions', 'europe').code).toBe(2);
    expect(run('print', 'denyLeaveOrganization', '--parameters', '{').code).toBe(2);
    expect(run('print', 'denyLeaveOrganization', '--parameters', '[]').code).toBe(2);
    expect(run('print', 'evaluate')).toMatchObject({ code: 2, err: expect.stringContaining('no guardrail evaluate') });
    expect(run('print').code).toBe(2);
  });
});

describe('lint', () => {
  it('finds nothing in what print prints', () => {
    const path = file('a.json', run('print', 'denyLeaveOrganization', '--json').out);
    expect(run('lint', path)).toEqual({ code: 0, out: '', err: '0 findings in 1 policy' });
  });
  it('names file, place, rule and what to do', () => {
    const path = file('scp/dead.json', dead);
    file('scp/fine.json', fine);
    file('scp/node_modules/x.json', dead);
    const { code, out, err } = run('lint', folder);
    expect(code).toBe(1);
    expect(out).toContain(`${path}: Statement[0].Action\n  dead-action: macie:DisableMacie does nothing`);
    expect(err).toBe('1 finding in 2 policies');
    expect(JSON.parse(run('lint', folder, '--json').out)).toMatchObject({
      policies: 2,
      findings: [{ file: path, policy: 0, code: 'dead-action', path: 'Statement[0].Action' }],
    });
  });
  it('reads lists, and what the AWS CLI answers', () => {
    const answer = {
      Policy: { PolicySummary: { Type: 'RESOURCE_CONTROL_POLICY' }, Content: JSON.stringify(deny('s3:*')) },
    };
    expect(run('lint', file('list.json', [fine, answer]))).toMatchObject({
      code: 1,
      out: expect.stringContaining('rcp-syntax'),
      err: '1 finding in 2 policies',
    });
  });
  it('takes the type, and what exists everywhere', () => {
    const path = file('a.json', deny('s3:*', { Principal: '*' }));
    expect(run('lint', path).code).toBe(0);
    expect(run('lint', path, '--type', 'scp')).toMatchObject({
      code: 1,
      out: expect.stringContaining('scp-principal'),
    });
    const arn = 'arn:aws:iam::*:role/AWSControlTowerExecution';
    const exempt = file('b.json', deny('s3:*', { Condition: { ArnNotLike: { 'aws:PrincipalArn': arn } } }));
    expect(run('lint', exempt).code).toBe(1);
    expect(run('lint', exempt, '--exists-everywhere', arn).code).toBe(0);
  });
  it('a file that is no JSON is a finding, and stops no other', () => {
    file('broken.json', '{');
    file('fine.json', fine);
    const { code, out, err } = run('lint', folder);
    expect(code).toBe(1);
    expect(out).toContain('invalid-structure: The file is no JSON');
    expect(err).toBe('1 finding in 2 policies');
  });
  it('nothing to check is misuse, and so is what cannot be read', () => {
    file('other.json', { name: 'no policy' });
    expect(run('lint', folder)).toMatchObject({ code: 2, err: expect.stringContaining('no policy in') });
    expect(run('lint', join(folder, 'other.json')).code).toBe(2);
    expect(run('lint', join(folder, 'absent.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not exist'),
    });
    expect(run('lint').code).toBe(2);
  });
});

describe('test', () => {
  const leave = {
    name: 'nobody leaves',
    request: { action: 'organizations:LeaveOrganization', principal: 'arn:aws:iam::111122223333:role/Admin' },
    expect: 'denied',
  };
  const look = {
    ...leave,
    name: 'all may look',
    request: { ...leave.request, action: 'organizations:ListRoots' },
    expect: 'allowed',
  };

  it('runs the cases beside a policy', () => {
    file('leave.json', fine);
    file('leave.cases.json', [leave, look]);
    expect(run('test', folder)).toEqual({ code: 0, out: '', err: '2 of 2 cases in 1 file hold' });
  });
  it('says what does not hold, and why', () => {
    file('leave.json', fine);
    const path = file('leave.cases.json', {
      policies: ['leave.json'],
      cases: [
        { ...leave, expect: 'allowed' },
        { ...look, expect: 'denied' },
        { ...leave, statement: 'Other' },
      ],
    });
    const { code, out, err } = run('test', path);
    expect(code).toBe(1);
    expect(out).toContain(`expected allowed, is denied: statement Deny of ${join(folder, 'leave.json')} denies it`);
    expect(out).toContain('all may look\n  expected denied, is allowed: nothing denies it');
    expect(out).toContain('denies it, and not Other');
    expect(err).toBe('0 of 3 cases in 1 file hold');
    expect(JSON.parse(run('test', path, '--json').out)).toMatchObject({ files: 1, cases: 3, failed: [{}, {}, {}] });
  });
  it('evaluates the policies of an organisation, with the management account and context', () => {
    file('full.json', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
    file('regions.json', deny('ec2:*', { Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] } } }));
    const request = (accountId: string, region: string) => ({
      action: 'ec2:RunInstances',
      principal: `arn:aws:iam::${accountId}:role/Dev`,
      resource: `arn:aws:ec2:${region}:${accountId}:instance/*`,
      context: { 'aws:RequestedRegion': region, 'aws:TagKeys': ['a'], 'aws:SecureTransport': true },
    });
    file('org.cases.json', {
      organization: {
        managementAccountId: '444455556666',
        serviceControlPolicies: [
          { target: 'root', policies: ['full.json'] },
          { target: '111122223333', policies: ['full.json', 'regions.json'] },
        ],
      },
      cases: [
        { name: 'elsewhere', request: request('111122223333', 'us-east-1'), expect: 'denied', statement: 'Deny' },
        { name: 'at home', request: request('111122223333', 'eu-west-1'), expect: 'allowed' },
        { name: 'management', request: request('444455556666', 'us-east-1'), expect: 'allowed' },
      ],
    });
    expect(run('test', folder)).toEqual({ code: 0, out: '', err: '3 of 3 cases in 1 file hold' });
  });
  it('takes the cases of a guardrail as print --json writes them', () => {
    const guardrail = restrictRegions({ allowedRegions: ['eu-west-1'] });
    file('regions.json', guardrail);
    file('regions.cases.json', guardrail.cases);
    expect(run('test', folder)).toMatchObject({ code: 0, out: '' });
  });
  it('no cases, and cases that are none, are misuse', () => {
    expect(run('test', folder).code).toBe(2);
    for (const content of [
      [],
      {},
      [{ name: 'x', request: leave.request, expect: 'deny' }],
      [{ name: 'x', request: {}, expect: 'denied' }],
      [{ ...leave, request: { ...leave.request, context: { a: {} } } }],
      [{ ...leave, request: { ...leave.request, principal: 7 } }],
      { policies: [], cases: [leave] },
      { policies: ['absent.json'], cases: [leave] },
      { organization: { serviceControlPolicies: {} }, cases: [leave] },
      { organization: 'x', cases: [leave] },
    ]) {
      file('leave.json', fine);
      expect(run('test', file('leave.cases.json', content)), JSON.stringify(content)).toMatchObject({
        code: 2,
        out: '',
      });
    }
  });
  it('a policy or a file of cases that cannot be read is misuse, not a pass', () => {
    expect(run('test', file('broken.cases.json', '{'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no JSON'),
    });
    file('leave.json', { ...fine, Statement: [{ Effect: 'Deny', Action: 's3:*' }] });
    expect(run('test', file('leave.cases.json', [look]))).toMatchObject({
      code: 2,
      err: expect.stringContaining('must have Resource'),
    });
  });
});

describe('pack', () => {
  const regions = ['--allowed-regions', 'eu-west-1'];
  it('merges the policies of a folder, and prints the sizes beside', () => {
    file('p/one.json', deny('organizations:LeaveOrganization'));
    file('p/two.json', deny('s3:DeleteBucket'));
    const { code, out, err } = run('pack', join(folder, 'p'));
    expect(code).toBe(0);
    const { policies, report } = JSON.parse(out);
    expect(policies).toHaveLength(1);
    expect(policies[0].document.Statement).toHaveLength(1);
    expect(report.slots[0]).toMatchObject({ used: 1, reserved: 1 });
    expect(err).toMatch(/guardrails-scp-1 +SCP +1 /);
    // What it writes can be read again.
    expect(run('lint', file('packed.json', out)).err).toContain('in 1 policy');
  });
  it('a set by its name, as Terraform and as CloudFormation', () => {
    const terraform = JSON.parse(run('pack', 'foundation', ...regions, '--format', 'terraform', '--name', 'base').out);
    expect(Object.keys(terraform.resource.aws_organizations_policy)).toEqual([
      'base_scp_1',
      'guardrails_foundation_ec2',
    ]);
    expect(Object.keys(terraform.variable)).toEqual(['guardrail_target_ids']);
    const args = ['--format', 'cloudformation', '--target', 'ou-ab12-11111111,r-ab12'];
    const { Resources } = JSON.parse(run('pack', 'foundation', ...regions, ...args).out);
    expect(Resources.GuardrailsFoundationScp1.Properties.TargetIds).toEqual(['ou-ab12-11111111', 'r-ab12']);
  });
  it('print foundation is the same set', () => {
    const args = ['foundation', ...regions, '--format', 'terraform'];
    expect(run('print', ...args).out).toBe(run('pack', ...args).out);
  });
  it('print writes single guardrails as Terraform, declarative ones too, and refuses what is no policy', () => {
    const { out } = run('print', 'blockPublicSnapshots', '--format', 'terraform');
    expect(JSON.parse(out).resource.aws_organizations_policy).toMatchObject({
      guardrails_block_public_snapshots: { type: 'DECLARATIVE_POLICY_EC2' },
    });
    expect(run('print', 'denyLeaveOrganization', '--format', 'cloudformation').out).toContain(
      'AWS::Organizations::Policy',
    );
    expect(run('print', 'detectRestrictedSsh', '--format', 'terraform').code).toBe(2);
  });
  it('wildcards only when asked for', () => {
    const length = (...more: string[]): number =>
      JSON.parse(run('pack', 'foundation', ...regions, ...more).out).report.characters;
    expect(length('--wildcards', 'documented')).toBeLessThan(length());
  });
  it('what exceeds the quota is found, and nothing is printed', () => {
    const long = deny('*', { Resource: undefined, NotResource: `arn:aws:s3:::${'x'.repeat(11_000)}` });
    expect(run('pack', file('long.json', long))).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('split'),
    });
    expect(run('pack', file('fine.json', fine), '--reserved', '10')).toMatchObject({ code: 1, out: '' });
  });
  it.each([
    ['no Regions for the set', ['pack', 'foundation']],
    ['an empty list of Regions', ['pack', 'foundation', '--allowed-regions', ',']],
    ['a Region that is none', ['pack', 'foundation', '--allowed-regions', 'here']],
    [
      'parameters of another form',
      ['pack', 'foundation', ...regions, '--parameters', '{"exemptions":{"exemptedPrincipalArns":[7]}}'],
    ],
    ['a format that is none', ['pack', 'foundation', ...regions, '--format', 'yaml']],
    ['a target that is none', ['pack', 'foundation', ...regions, '--format', 'terraform', '--target', 'here']],
    ['slots that are no number', ['pack', 'foundation', ...regions, '--reserved', '-1']],
    ['wildcards of another kind', ['pack', 'foundation', ...regions, '--wildcards', 'all']],
    ['a folder that is not there', ['pack', './nowhere']],
    ['nothing', ['pack']],
  ])('%s is misuse', (_, args) => expect(run(...args)).toMatchObject({ code: 2, out: '' }));
  it('a policy about single principals is misuse', () => {
    const own = deny('s3:*', { Principal: { AWS: '111122223333' } });
    expect(run('pack', file('own.json', own))).toMatchObject({ code: 2, out: '' });
  });
  it('a policy that AWS would refuse is misuse, and so is a folder without any', () => {
    expect(run('pack', file('bad.json', { Version: '2012-10-17', Statement: [] })).code).toBe(2);
    expect(run('pack', file('other.json', { a: 1 }))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no policy'),
    });
  });
});

describe('diff', () => {
  it('equal sets are fine, others are found, with an example', () => {
    const [one, two] = [file('one.json', deny('s3:DeleteBucket')), file('two.json', deny('s3:Delete*'))];
    expect(run('diff', one, one)).toMatchObject({ code: 0, out: '' });
    const { code, out } = run('diff', one, two);
    expect(code).toBe(1);
    expect(out).toMatch(/denied from now on, by Deny: s3:Delete/);
    expect(out).toMatch(/for example s3:Delete\w+ on arn:aws:s3/);
    expect(run('diff', two, one).out).toContain('no longer denied');
  });
  it('as JSON: differences with requests', () => {
    const { differences, requests } = JSON.parse(
      run('diff', file('one.json', fine), file('two.json', deny('s3:PutObject')), '--json').out,
    );
    expect(requests).toBeGreaterThan(1);
    expect(differences.map(({ change }: { change: string }) => change)).toEqual(['allowed', 'denied']);
  });
  it('packing a set makes no difference', { timeout: 60_000 }, () => {
    const packed = file('packed.json', run('pack', 'foundation', '--allowed-regions', 'eu-west-1').out);
    expect(run('diff', 'foundation', packed, '--allowed-regions', 'eu-west-1')).toMatchObject({ code: 0, out: '' });
  });
  it('one or three are misuse', () => {
    expect(run('diff', file('one.json', fine)).code).toBe(2);
    expect(run('diff', 'a', 'b', 'c').code).toBe(2);
  });
});
