import { describe, expect, it } from 'vitest';
import { runSteps, type Step } from './steps.ts';

const ran: string[] = [];
const step = (name: string, faults: () => string[]): Step => ({
  name,
  what: name,
  faults: () => {
    ran.push(name);
    return faults();
  },
});
const exit = (steps: readonly Step[], asked: readonly string[] = []): { code: number; said: string; ran: string[] } => {
  ran.length = 0;
  const lines: string[] = [];
  return { code: runSteps(steps, asked, (line) => lines.push(line)), said: lines.join('\n'), ran: [...ran] };
};

const good = step('good', () => []);
const bad = step('bad', () => ['a.ts: wrong']);
const broken = step('broken', () => {
  throw new Error('no such tool');
});

describe('runSteps', () => {
  it('is 0 when nothing is wrong', () => {
    expect(exit([good])).toMatchObject({ code: 0, said: expect.stringContaining('Every check passed') });
  });

  it('is 1 when a step finds a fault or throws, and runs the rest all the same', () => {
    const { code, said, ran: order } = exit([bad, broken, good]);
    expect(code).toBe(1);
    expect(order).toEqual(['bad', 'broken', 'good']);
    expect(said).toContain('a.ts: wrong');
    expect(said).toContain('no such tool');
    expect(said).toContain('Failed: bad, broken');
  });

  it('runs only what is asked for', () => {
    expect(exit([bad, good], ['good'])).toMatchObject({ code: 0, ran: ['good'] });
  });

  it('is 2 for a step that is not known, and runs nothing', () => {
    expect(exit([good], ['god'])).toMatchObject({ code: 2, ran: [] });
  });
});
