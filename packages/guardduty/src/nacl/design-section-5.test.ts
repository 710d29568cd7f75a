import { readFileSync } from 'node:fs';
import { days, hours, minutes } from '@remedykit/core';
import { expect, it } from 'vitest';
import { fakeWorld } from '../testing/fake-world.ts';
import { blackholeTraffic, sshBruteForce } from '../testing/findings.ts';
import { createTestBlocker, createTestWorld, deniesIn, testTime } from '../testing/test-blocker.ts';

const attacker = '198.51.100.7';
const at = (ms: number): Date => new Date(testTime.getTime() + ms);
const reason = 'partner scanner';
const author = { reason, requestedBy: 'a.smith', suppressFor: days(1) };

it('a sighting that our own deny dropped holds the deny longer like any other, a week at most', async () => {
  const blocker = createTestBlocker({ trust: { channels: ['eventbridge'] } });
  await blocker.block(sshBruteForce({ from: attacker, at: testTime }));
  for (const hour of [12, 24, 36]) {
    blocker.clock.set(at(hours(hour)));
    const seen = sshBruteForce({ from: attacker, at: at(hours(hour)), blocked: true });
    expect((await blocker.block(seen)).threats).toMatchObject([{ outcome: 'extended', announce: false }]);
    expect(await blocker.list()).toMatchObject([{ expiresAt: at(hours(hour + 24)).toISOString() }]);
  }
  for (let hour = 48; hour < 168; hour += 12) {
    blocker.clock.set(at(hours(hour)));
    await blocker.block(sshBruteForce({ from: attacker, at: at(hours(hour)), blocked: true }));
  }
  expect(await blocker.list()).toMatchObject([{ expiresAt: at(days(7)).toISOString() }]);
});

it('an unblock by hand holds within 15 seconds where its ledger was not touched and the worker knew nothing of it', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  const otherAcl = world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-other' });
  const here = createTestBlocker({}, world);
  const elsewhere = createTestBlocker({}, world);
  await here.block(sshBruteForce({ from: attacker, at: testTime }));
  const other = { instanceId: 'i-other', subnetId, at: testTime };
  await elsewhere.block(sshBruteForce({ ...other, from: '198.51.100.70' }));
  await here.unblock({ address: attacker, ...author });
  world.clock.advance(15_000);
  expect((await elsewhere.block(sshBruteForce({ ...other, from: attacker }))).threats).toMatchObject([
    { outcome: 'refused', reason: 'suppressed' },
  ]);
  expect(deniesIn(world.ec2, { networkAclId: otherAcl }).map(({ cidr }) => cidr)).toEqual(['198.51.100.70/32']);
});

it('what a worker denied before it knew of an unblock by hand, the next sweep releases', async () => {
  const world = createTestWorld();
  const subnetId = world.ec2.addSubnet();
  world.ec2.addNetworkAcl({ subnetIds: [subnetId] });
  world.ec2.addInterface({ subnetId, instanceId: 'i-other' });
  const here = createTestBlocker({}, world);
  const elsewhere = createTestBlocker({}, world);
  await here.block(sshBruteForce({ from: attacker, at: testTime }));
  const other = { instanceId: 'i-other', subnetId, at: testTime };
  await elsewhere.block(sshBruteForce({ ...other, from: '198.51.100.70' }));
  await here.unblock({ address: attacker, ...author });
  await elsewhere.block(sshBruteForce({ ...other, from: attacker }));
  expect((await here.list()).map(({ cidr }) => cidr)).toContain(`${attacker}/32`);
  world.clock.advance(minutes(5));
  expect((await here.sweep()).releases).toMatchObject([{ outcome: 'released', entry: { cidr: `${attacker}/32` } }]);
});

it('G32: nothing but a sweep ends a deny: until one comes, it stays in EC2 and its slot in the ledger', async () => {
  const blocker = createTestBlocker();
  await blocker.block(sshBruteForce({ from: attacker, at: testTime }));
  blocker.clock.advance(days(9));
  expect(deniesIn(blocker.ec2)).toHaveLength(1);
  expect(await blocker.list()).toHaveLength(1);
  const { documents } = await blocker.store.list('nacl/');
  expect(documents.map(({ value }) => Object.keys(value ?? {}))).toEqual([
    expect.not.arrayContaining([expect.stringMatching(/ttl/i)]),
  ]);
  expect((await blocker.sweep()).releases).toHaveLength(1);
  expect(deniesIn(blocker.ec2)).toEqual([]);
});

it('all state is kept by conditional writes of single documents, and none is deleted', async () => {
  const world = createTestWorld();
  const blocker = createTestBlocker({}, world);
  const { networkAclId } = fakeWorld;
  await blocker.block([sshBruteForce({ from: attacker, at: testTime }), blackholeTraffic({ at: testTime })]);
  world.clock.advance(minutes(1));
  world.ec2.removeEntry(networkAclId, { ruleNumber: 10 });
  await blocker.reconcile();
  await blocker.unblock({ address: attacker, ...author });
  await blocker.drain(author);
  world.clock.advance(days(2));
  await blocker.sweep();
  const { delete: deleted, putIfAbsent, compareAndSet } = world.store.calls;
  expect(deleted).toBe(0);
  expect(putIfAbsent).toBeGreaterThan(0);
  expect(compareAndSet).toBeGreaterThan(0);
});

it('the documents name the attack by spoofed packets, who else may invoke the function, and the limit of Terraform', () => {
  const security = readFileSync(new URL('../../../../SECURITY.md', import.meta.url), 'utf8');
  expect(security).toMatch(/spoofed packets, to make us deny a partner/i);
  expect(security).toMatch(/grant `lambda:InvokeFunction` to nobody else/);
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toMatch(/aws_network_acl_rule/);
});
