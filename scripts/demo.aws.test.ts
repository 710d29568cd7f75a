import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { root } from './lib/workspace.ts';

interface Report {
  readonly findings: readonly {
    readonly type: string;
    readonly escalate: boolean;
    readonly threats: readonly { readonly cidr: string; readonly outcome: string }[];
  }[];
  readonly nacl: readonly {
    readonly networkAclId: string;
    readonly egress: boolean;
    readonly cidr: string;
    readonly action: string;
  }[];
  readonly calls: Readonly<Record<string, number>>;
  readonly stageCalls: Readonly<Record<string, number>>;
}

const runDemo = async (endpoint: string): Promise<Report> => {
  // Not the synchronous call: the proxy lives in this process.
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'examples/demo/src/main.ts'), '--json'], {
    env: { ...process.env, AWS_ENDPOINT_URL: endpoint },
    maxBuffer: 10_000_000,
  });
  return JSON.parse(stdout) as Report;
};

describe('the demo against an emulator', () => {
  let proxy: CountingProxy;
  let report: Report;
  beforeAll(async () => {
    proxy = await startCountingProxy(process.env.AWS_ENDPOINT_URL ?? '');
    report = await runDemo(proxy.url);
  }, 60_000);
  afterAll(() => proxy.close());

  it('calls and stageCalls, less what is embedded, are what crosses the wire', () => {
    const counted: Record<string, number> = {};
    for (const [action, count] of [...Object.entries(report.calls), ...Object.entries(report.stageCalls)]) {
      if (!action.startsWith('guardduty:')) counted[action] = (counted[action] ?? 0) + count;
    }
    expect(counted).toEqual(proxy.counts);
    expect(report.calls['ec2:CreateNetworkAclEntry']).toBeGreaterThan(0);
  });

  it('ends as on embedded parts, with the ids of the emulator', async () => {
    const denied = (egress: boolean) =>
      report.nacl.filter((entry) => entry.action === 'deny' && entry.egress === egress).map(({ cidr }) => cidr);
    expect(denied(false)).toEqual(['198.51.100.7/32']);
    expect(denied(true)).toEqual(['203.0.113.66/32']);
    const outcomes = report.findings.map(({ threats }) => threats.map(({ outcome }) => outcome).join());
    expect(outcomes.filter((outcome) => outcome === 'not-blocked')).toHaveLength(7);
    expect(report.calls).toMatchObject({ 'ec2:ReplaceNetworkAclEntry': 1 });
    expect(report.stageCalls).toMatchObject({ 'ec2:DeleteNetworkAclEntry': 2 });
    const again = await runDemo(process.env.AWS_ENDPOINT_URL ?? '');
    expect(again.nacl[0]?.networkAclId).not.toBe(report.nacl[0]?.networkAclId);
    expect(again.findings.map(({ threats }) => threats)).toEqual(report.findings.map(({ threats }) => threats));
  });
});
