import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingTypes, threatReasons } from '@remedykit/guardduty';
import { describe, expect, it } from 'vitest';
import { findingTypesPage } from './finding-types-page.ts';
import { root } from './lib/workspace.ts';

const page = findingTypesPage();
const rows = [...page.matchAll(/^\| `(\S+)`( \(retired.*?\))? \| (.*) \|$/gm)].map(([, type, retired, cells = '']) => ({
  type,
  retired: retired !== undefined,
  cells: cells.split(' | '),
}));

describe('the page about finding types', () => {
  it('has one row for every type, with what the code decides', () => {
    const wanted = findingTypes.map(({ type, state, verdict, direction, escalate, spoofable }) => ({
      type,
      retired: state === 'retired',
      decided: [verdict, direction ?? 'none', escalate ? 'yes' : 'no', spoofable ? 'yes' : 'no'],
    }));
    const found = rows.map(({ type, retired, cells }) => ({ type, retired, decided: cells.slice(2) }));
    expect(found.toSorted((one, other) => ((one.type ?? '') < (other.type ?? '') ? -1 : 1))).toEqual(wanted);
  });

  it('gives the reason above each table', () => {
    const parts = page.split(/^\*\*`/m).slice(1);
    for (const part of parts) {
      const [, reason = '', sentence] = /^([\w-]+)`\*\*: (.*)$/m.exec(part) ?? [];
      expect(Object.entries(threatReasons)).toContainEqual([reason, sentence]);
      const below = [...part.matchAll(/^\| `(\S+)`/gm)].map(([, type]) => type);
      expect(below.length).toBeGreaterThan(0);
      for (const type of below) expect(findingTypes.find((each) => each.type === type)?.reason).toBe(reason);
    }
  });

  it('counts every type that is still emitted once', () => {
    const counts = [...page.matchAll(/^\| [a-z][^|]* \| (\d+) \|$/gm)].map(([, count]) => Number(count));
    expect(counts).toHaveLength(4);
    expect(counts.reduce((sum, count) => sum + count)).toBe(
      findingTypes.filter((each) => each.state === 'active').length,
    );
  });

  it('names no reason in its introduction that the code does not give', () => {
    const introduction = readFileSync(join(root, 'docs/finding-types.md'), 'utf8').split('<!-- generated')[0] ?? '';
    const named = [...introduction.matchAll(/\(`([a-z-]+)`|as `([a-z-]+)`/g)].map(([, one, other]) => one ?? other);
    const ofTypes = named.filter((name) => name !== 'not-blocked');
    expect(ofTypes.length).toBeGreaterThan(4);
    for (const name of ofTypes) expect(Object.keys(threatReasons).concat('ingress', 'egress')).toContain(name);
  });
});
