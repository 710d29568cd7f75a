import { addTo, hours } from '@remedykit/core';
import { describe, expect, it } from 'vitest';
import { decideDeny, decideEnds } from './decide-rules.ts';
import { type HeldDeny, readRules, rulesSource } from './rules.ts';

const now = new Date('2026-11-24T10:00:00.000Z');
const tomorrow = addTo(now, hours(24));

const held = (changes: Partial<HeldDeny> = {}): HeldDeny => ({
  cidr: '198.51.100.7/32',
  egress: false,
  protocol: '6',
  ports: { from: 22, to: 22 },
  expiresAt: tomorrow,
  sid: 2,
  ...changes,
});
const { ports: _, ...everyPort } = held();

describe('the rules of a group', () => {
  it.each([
    held(),
    held({ ports: { from: 1000, to: 2000 }, protocol: '17' }),
    held({ egress: true }),
    { ...everyPort, protocol: '-1' as const },
    held({ cidr: '2001:db8::/64' }),
  ])('say each deny with its end, and are read back as it: %#', (deny) => {
    expect(readRules(rulesSource([deny]))).toEqual({ denies: [deny] });
  });

  it('are never none, for a rule group must hold something', () => {
    expect(rulesSource([]).StatefulRules).toHaveLength(1);
    expect(readRules(rulesSource([]))).toEqual({ denies: [] });
    expect(readRules(undefined)).toEqual({ denies: [] });
  });

  it('drop what comes from the address to the port, or goes to the address', () => {
    const [, ingress, egress] = rulesSource([held(), held({ egress: true, sid: 3 })]).StatefulRules ?? [];
    expect(ingress).toMatchObject({
      Action: 'DROP',
      Header: {
        Protocol: 'TCP',
        Source: '198.51.100.7/32',
        SourcePort: 'ANY',
        Direction: 'FORWARD',
        Destination: 'ANY',
        DestinationPort: '22',
      },
      RuleOptions: [
        { Keyword: 'msg', Settings: ['"remedykit until 20261125T100000Z"'] },
        { Keyword: 'sid', Settings: ['2'] },
      ],
    });
    expect(egress).toMatchObject({ Header: { Source: 'ANY', Destination: '198.51.100.7/32', DestinationPort: '22' } });
  });

  const [keeper, ours] = rulesSource([held()]).StatefulRules ?? [];
  const header = ours?.Header;
  it.each([
    ['text', { RulesString: 'pass ip any any -> any any (sid:1;)' }],
    ['domains', { RulesSourceList: { Targets: [], TargetTypes: [], GeneratedRulesType: 'DENYLIST' as const } }],
    ['another action', { StatefulRules: [{ ...ours, Action: 'PASS' as const }] }],
    ['no marker', { StatefulRules: [{ ...ours, RuleOptions: [{ Keyword: 'sid', Settings: ['2'] }] }] }],
    ['another option', { StatefulRules: [{ ...ours, RuleOptions: [...(ours?.RuleOptions ?? []), { Keyword: 'x' }] }] }],
    ['another destination', { StatefulRules: [{ ...ours, Header: { ...header, Destination: '192.0.2.1/32' } }] }],
    ['both ways', { StatefulRules: [{ ...ours, Header: { ...header, Direction: 'ANY' as const } }] }],
    ['a variable', { StatefulRules: [keeper, { ...ours, Header: { ...header, Source: '$HOME_NET' } }] }],
  ])("are somebody else's with one of another form: %s", (_title, source) => {
    // Some lack what the SDK's type demands, as an answer could.
    expect(readRules(source as never)).toMatchObject({ foreign: { reason: 'foreign' } });
  });
});

describe('a deny', () => {
  const { sid: _sid, ...wanted } = held();
  const decide = (denies: readonly HeldDeny[], capacity = 10, ask = wanted) =>
    decideDeny({ rules: { denies }, capacity }, ask, now);

  it('gets a rule with a number that no other has', () => {
    const others = [held({ cidr: '198.51.100.8/32', sid: 2 }), held({ cidr: '198.51.100.9/32', sid: 4 })];
    expect(decide(others)).toEqual({ kind: 'write', wasHeld: false, denies: [...others, held({ sid: 3 })] });
  });

  it('that is held until then needs no write, and a later end keeps the rule', () => {
    expect(decide([held()])).toEqual({ kind: 'held', expiresAt: tomorrow });
    expect(decide([held({ expiresAt: addTo(now, hours(1)), sid: 5 })])).toEqual({
      kind: 'write',
      wasHeld: true,
      denies: [held({ sid: 5 })],
    });
    expect(decide([held({ expiresAt: addTo(now, -1) })])).toMatchObject({ kind: 'write', wasHeld: false });
  });

  it('never ends early: parts of a second are rounded up', () => {
    expect(decide([], 10, { ...wanted, expiresAt: '2026-11-25T10:00:00.001Z' })).toMatchObject({
      denies: [{ expiresAt: '2026-11-25T10:00:01.000Z' }],
    });
  });

  it('of other ports, protocol or direction is another', () => {
    const { ports: _ports, ...all } = wanted;
    for (const other of [all, { ...wanted, protocol: '17' as const }, { ...wanted, egress: true }]) {
      expect(decide([held()], 10, other)).toMatchObject({ kind: 'write', denies: { length: 2 } });
    }
  });

  it('G38: has no room at the capacity, and only what has ended gives way', () => {
    const live = held({ cidr: '198.51.100.8/32' });
    expect(decide([live], 2)).toMatchObject({ kind: 'no-room', because: expect.stringContaining('capacity of 2') });
    expect(decide([], 0)).toMatchObject({ kind: 'no-room' });
    const over = held({ cidr: '198.51.100.9/32', sid: 3, expiresAt: now.toISOString() });
    expect(decide([live, over], 3)).toMatchObject({ kind: 'write', denies: [live, { cidr: wanted.cidr, sid: 3 }] });
    expect(decide([live, over], 4)).toMatchObject({ kind: 'write', denies: { length: 3 } });
  });

  it('G34: the last one leaves as well, and what is not over stays', () => {
    const facts = (denies: readonly HeldDeny[]) => ({ rules: { denies }, capacity: 10 });
    expect(decideEnds(facts([held()]), () => true)).toEqual({ kind: 'write', ended: [held()], denies: [] });
    expect(decideEnds(facts([held()]), () => false)).toEqual({ kind: 'nothing' });
  });
});
