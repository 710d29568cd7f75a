import { describe, expect, it } from 'vitest';
import { policyTemplates } from './catalog.ts';
import type { Partition } from './names.ts';
import { brokenCases } from './prove.ts';

const others: readonly Partition[] = ['aws-us-gov', 'aws-cn'];

describe.each(policyTemplates)('$name', ({ example, stopsEverything }) => {
  it.each(others)('in %s names no other partition, and keeps its cases', (partition) => {
    const guardrail = example({ partition });
    const text = JSON.stringify([guardrail.document, stopsEverything ? [] : guardrail.cases]);
    expect([...text.matchAll(/arn:(aws[a-z-]*):/g)].filter(([, name]) => name !== partition)).toEqual([]);
    expect(brokenCases(guardrail)).toEqual([]);
  });

  it('is small enough to be attached, and says nothing twice', () => {
    const { document } = example();
    expect(JSON.stringify(document).length).toBeLessThan(5_120);
    for (const { Action, NotAction, Resource } of document.Statement) {
      for (const list of [Action, NotAction, Resource]) {
        const values = typeof list === 'string' ? [list] : (list ?? []);
        expect(new Set(values).size).toBe(values.length);
      }
    }
  });

  it('has Sids that AWS takes, each once', () => {
    const sids = example().document.Statement.map(({ Sid = '' }) => Sid);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]{1,40}$/);
    expect(new Set(sids).size).toBe(sids.length);
  });
});
