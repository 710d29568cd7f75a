import { afterEach, expect } from 'vitest';
import { replayTrail, takeAuditLine } from './audit-trail.ts';

// Setup file of the test projects: whatever audit record any test writes, to a sink of `createTestBlocker` or by the
// default sink to the standard output, must replay to the same plan.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) =>
  typeof chunk === 'string' && takeAuditLine(chunk) ? true : write(chunk, ...rest)) as typeof process.stdout.write;

afterEach(() => {
  expect(replayTrail(), 'audit records that replay to another plan').toEqual([]);
});
