import { addTo, hours, toJson } from '@remedykit/core';
import { expect, it } from 'vitest';
import { samplePolicy } from '../nacl/sample-policy.ts';
import { decideOverflow, type Wanted } from './decide-overflow.ts';
import type { OverflowRequest } from './overflow-blocker.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const tomorrow = '2026-11-25T10:00:00.000Z';
const policy = samplePolicy();

const request = (changes: Partial<OverflowRequest> = {}): OverflowRequest => ({
  id: 'a',
  threat: { cidr: '198.51.100.7/32', family: 4, egress: false, protocol: '6', ports: { from: 22, to: 22 } },
  target: { accountId: '111122223333', region: 'eu-west-1', vpcId: 'vpc-1', networkAclId: 'acl-1', subnetIds: [] },
  expiresAt: tomorrow,
  findingId: 'f1',
  findingType: 'UnauthorizedAccess:EC2/SSHBruteForce',
  spoofable: false,
  reason: 'quota',
  because: 'No room.',
  ...changes,
});

const wanted = (changes: Partial<Wanted> = {}): Wanted => ({
  request: request(),
  coveredBy: 'firewall',
  guard: { mode: 'enforce' },
  confirmed: true,
  ...changes,
});

const decide = (...list: Wanted[]) => decideOverflow({ wanted: list }, policy, now);

it('asks whoever covers it, until the end that the deny was to have', () => {
  const plan = decide(wanted());
  expect(plan.steps).toMatchObject([
    { id: 'overflow/a', action: 'overflow', by: 'firewall', preview: false, precondition: { expiresAt: tomorrow } },
  ]);
  expect(plan.handed).toMatchObject([{ stepId: 'overflow/a' }]);
});

it('keeps with the step who could not say whether it covers it', () => {
  const unsure = { by: 'proxy', problem: 'no list' };
  const [step] = decide(wanted({ unsure })).steps;
  expect(step).toMatchObject({ reason: 'overflow', unsure });
  expect(decide(wanted()).steps[0]?.then).toEqual([]);
  expect(decide(wanted()).steps[0]).not.toHaveProperty('unsure');
});

it('asks nobody for what nobody covers, and keeps the reason why it has no place', () => {
  const { coveredBy: _, ...uncovered } = wanted();
  expect(decide(uncovered)).toEqual({ steps: [], refused: [], handed: [{ reason: 'quota', because: 'No room.' }] });
});

it('asks for nothing that would be over already', () => {
  expect(decide(wanted({ request: request({ expiresAt: now.toISOString() }) })).steps).toEqual([]);
});

it('asks for nothing that was not confirmed, and has it looked at again', () => {
  expect(decide(wanted({ confirmed: false }))).toMatchObject({
    steps: [],
    handed: [{ reason: 'ledger-changed', retryable: true }],
  });
});

it('asks for no longer than a block may last after it was first handed over, and then says so, for review', () => {
  const max = samplePolicy({ maxBlockFor: hours(30) });
  const held = { since: addTo(now, -hours(20)), until: addTo(now, hours(4)) };
  const last = addTo(now, hours(10));
  const extended = decideOverflow({ wanted: [wanted({ held })] }, max, now);
  expect(extended.steps).toMatchObject([{ request: { expiresAt: last }, held: { since: held.since, until: last } }]);
  const atLast = (changes: Partial<Wanted> = {}) =>
    decideOverflow({ wanted: [wanted({ held: { ...held, until: last }, event: 'f1/x', ...changes })] }, max, now);
  expect(atLast()).toMatchObject({
    steps: [],
    handed: [{ reason: 'longest-block', atItsLongest: { until: last, news: true } }],
  });
  const told = (reviewBy: string) => atLast({ held: { ...held, until: last, reviewBy } }).handed[0]?.atItsLongest?.news;
  expect([told('f1/x'), told('f1/y')]).toEqual([true, false]);
  // What would end before needs no extension, and what has ended begins anew.
  const sooner = wanted({ held: { ...held, until: last }, request: request({ expiresAt: addTo(now, hours(5)) }) });
  expect(decideOverflow({ wanted: [sooner] }, max, now).steps).toMatchObject([{ held: { until: last } }]);
  const ended = wanted({ held: { ...held, until: now.toISOString() } });
  expect(decideOverflow({ wanted: [ended] }, max, now).steps).toMatchObject([
    { request: { expiresAt: tomorrow }, held: { since: now.toISOString() } },
  ]);
});

it('has it looked at again where nobody knows whether it is covered', () => {
  expect(decide(wanted({ problem: 'no list' }))).toMatchObject({
    steps: [],
    handed: [{ reason: 'overflow-failed', retryable: true }],
  });
});

it.each(['newDeniesPaused', 'allWritesPaused'] as const)('asks for nothing in a pause: %s', (kind) => {
  const paused = { reason: 'paused', because: 'a.smith paused.' };
  const plan = decide(wanted({ guard: { mode: 'enforce', [kind]: paused } }));
  expect(plan).toMatchObject({ steps: [], refused: [{ refused: paused }], handed: [paused] });
});

it('asks once for what several want, until the latest end, and for what one may although another may not', () => {
  const later = wanted({ request: request({ expiresAt: '2026-11-25T12:00:00.000Z' }) });
  const paused = wanted({ guard: { mode: 'enforce', newDeniesPaused: { reason: 'paused', because: 'a.smith' } } });
  const plan = decide(paused, wanted(), later, wanted());
  expect(plan.steps).toMatchObject([{ request: { expiresAt: '2026-11-25T12:00:00.000Z' } }]);
  expect(plan.refused).toEqual([]);
  expect(plan.handed.map(({ stepId }) => stepId)).toEqual([undefined, 'overflow/a', 'overflow/a', 'overflow/a']);
});

it('keeps dry-run and earnest apart', () => {
  const plan = decide(wanted({ guard: { mode: 'dry-run' } }), wanted());
  expect(plan.steps.map(({ id, preview }) => [id, preview])).toEqual([
    ['overflow/a/dry-run', true],
    ['overflow/a', false],
  ]);
});

it('decides the same on what came out of a record', () => {
  const facts = { wanted: [wanted(), wanted({ guard: { mode: 'dry-run' } })] };
  const replayed = JSON.parse(JSON.stringify(toJson(facts)));
  expect(toJson(decideOverflow(replayed, policy, now))).toEqual(toJson(decideOverflow(facts, policy, now)));
});
