import type { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { isRemediationError } from '../errors.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { hours, minutes } from '../time.ts';
import { type AccountCredentialsOptions, createAccountCredentials } from './sts.ts';

const start = new Date('2026-11-24T10:00:00.000Z');
const paris = { accountId: '111122223333', region: 'eu-west-3' };
const milan = { accountId: '444455556666', region: 'eu-south-1' };

/** An STS that answers with credentials numbered by the call, or throws what `fail` gives for it. */
const createFakeSts = (fail: (call: number) => Error | undefined = () => undefined) => {
  const clock = createTestClock(start);
  const inputs: AssumeRoleCommand['input'][] = [];
  const send = async ({ input }: AssumeRoleCommand) => {
    inputs.push(input);
    const error = fail(inputs.length);
    await Promise.resolve();
    if (error) throw error;
    return {
      Credentials: {
        AccessKeyId: `ASIA${inputs.length}`,
        SecretAccessKey: 'secret',
        SessionToken: 'token',
        Expiration: new Date(clock.now().getTime() + (input.DurationSeconds ?? 0) * 1_000),
      },
    };
  };
  // The fake serves the one command that is sent; the client's overloads cannot be written out here.
  const sts = { send } as unknown as Pick<STSClient, 'send'>;
  const create = (options: Partial<AccountCredentialsOptions> = {}) =>
    createAccountCredentials({ sts, roleName: 'remedykit-network', externalId: 'o-1', now: clock.now, ...options });
  return { clock, inputs, sts, create };
};

const named = (name: string): Error => Object.assign(new Error('no'), { name });

const errorOf = async (act: () => unknown) => {
  try {
    await act();
  } catch (error) {
    if (isRemediationError(error)) return { code: error.code, retryable: error.retryable, message: error.message };
    throw error;
  }
  throw new Error('Nothing was thrown.');
};

describe('createAccountCredentials', () => {
  it('G47: assumes the role of the target account with an ExternalId, under the name of the function', async () => {
    const { inputs, create } = createFakeSts();
    const credentials = create({ sessionName: 'block-malicious-ips' });
    expect(await credentials(paris)()).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 'token' });
    expect(inputs).toEqual([
      {
        RoleArn: 'arn:aws:iam::111122223333:role/remedykit-network',
        RoleSessionName: 'block-malicious-ips',
        ExternalId: 'o-1',
        DurationSeconds: 3_600,
      },
    ]);
  });

  it.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('names the role in the partition of %s', async (region, partition) => {
    const { inputs, create } = createFakeSts();
    await create({ roleName: 'security/network' })({ ...paris, region })();
    expect(inputs[0]?.RoleArn).toBe(`arn:${partition}:iam::111122223333:role/security/network`);
  });

  it('asks once per account, whatever the Region, until 5 minutes before the end', async () => {
    const { inputs, clock, create } = createFakeSts();
    const credentials = create();
    await credentials(paris)();
    await credentials({ ...paris, region: 'eu-west-1' })();
    await credentials(milan)();
    expect(inputs).toHaveLength(2);
    clock.advance(minutes(55) - 1);
    expect((await credentials(paris)()).accessKeyId).toBe('ASIA1');
    clock.advance(1);
    expect((await credentials(paris)()).accessKeyId).toBe('ASIA3');
  });

  it('shares one call between those who ask at once, and forgets one that failed', async () => {
    const { inputs, create } = createFakeSts((call) => (call === 1 ? named('ServiceUnavailable') : undefined));
    const credentials = create();
    const both = await Promise.allSettled([credentials(paris)(), credentials(paris)()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(inputs).toHaveLength(1);
    expect((await credentials(paris)()).accessKeyId).toBe('ASIA2');
  });

  it('takes a client per target, for partitions and Regions with their own endpoint', async () => {
    const { sts, create } = createFakeSts();
    const regions: string[] = [];
    const credentials = create({
      sts: ({ region }) => {
        regions.push(region);
        return sts;
      },
    });
    await credentials(milan)();
    expect(regions).toEqual(['eu-south-1']);
  });

  it.each([
    ['AccessDenied', 'ASSUME_ROLE_DENIED', false],
    ['RegionDisabledException', 'ASSUME_ROLE_DENIED', false],
    ['Throttling', 'ASSUME_ROLE_THROTTLED', true],
    ['TimeoutError', 'ASSUME_ROLE_FAILED', true],
  ])('%s is %s', async (name, code, retryable) => {
    const { create } = createFakeSts(() => named(name));
    const error = await errorOf(create()(paris));
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain('arn:aws:iam::111122223333:role/remedykit-network');
  });

  it('gives nothing out of an answer without credentials', async () => {
    const sts = { send: async () => ({}) } as unknown as Pick<STSClient, 'send'>;
    expect(await errorOf(createFakeSts().create({ sts })(paris))).toMatchObject({ code: 'ASSUME_ROLE_FAILED' });
  });

  it.each([
    [{ externalId: '' }],
    [{ roleName: 'a role' }],
    [{ sessionName: 'x' }],
    [{ duration: hours(13) }],
    [{ duration: minutes(14) }],
  ])('refuses %o when it is created', async (options) => {
    expect(await errorOf(() => createFakeSts().create(options))).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('refuses what is no account id', async () => {
    expect(await errorOf(() => createFakeSts().create()({ ...paris, accountId: '*' }))).toMatchObject({
      code: 'ACCOUNT_ID_INVALID',
    });
  });
});
