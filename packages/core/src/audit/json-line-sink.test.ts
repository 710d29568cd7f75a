import { afterEach, describe, expect, it, vi } from 'vitest';
import { createJsonLineSink } from './json-line-sink.ts';
import type { RejectedInput } from './record.ts';

const record: RejectedInput = {
  schema: 1,
  id: 'r-1',
  at: '2026-11-24T10:00:00.000Z',
  library: '@remedykit/guardduty@0.0.0',
  rejected: { code: 'FINDING_INVALID', message: 'no id', input: 'line one\nline two' },
  correlation: { runId: 'run-1' },
};

afterEach(() => vi.restoreAllMocks());

describe('createJsonLineSink', () => {
  it('writes one line for each record, whatever the record holds', async () => {
    const lines: string[] = [];
    const sink = createJsonLineSink({ write: (line) => void lines.push(line) });
    await sink(record);
    await sink(record);
    expect(lines).toHaveLength(2);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(JSON.parse(lines[0] ?? '')).toEqual(record);
  });

  it('waits for a writer that takes time and hands on its failure', async () => {
    const sink = createJsonLineSink({ write: () => Promise.reject(new Error('disk full')) });
    await expect(sink(record)).rejects.toThrow('disk full');
  });

  it('writes to the standard output by default', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await createJsonLineSink()(record);
    expect(write).toHaveBeenCalledExactlyOnceWith(`${JSON.stringify(record)}\n`);
  });
});
