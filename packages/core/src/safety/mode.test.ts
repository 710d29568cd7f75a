import { describe, expect, it } from 'vitest';
import { type ModeOption, resolveMode } from './mode.ts';

interface Target {
  readonly accountId: string;
}
const target: Target = { accountId: '111122223333' };
const invalid = { code: 'MODE_INVALID', retryable: false };

describe('resolveMode', () => {
  it('takes a mode for all', async () => {
    await expect(resolveMode('enforce', target)).resolves.toBe('enforce');
    await expect(resolveMode('dry-run', target)).resolves.toBe('dry-run');
  });

  it('asks a function with the target, also one that takes time', async () => {
    const pilot: ModeOption<Target> = ({ accountId }) => (accountId === '111122223333' ? 'enforce' : 'dry-run');
    await expect(resolveMode(pilot, target)).resolves.toBe('enforce');
    await expect(resolveMode(pilot, { accountId: '444455556666' })).resolves.toBe('dry-run');
    await expect(resolveMode(async () => 'dry-run' as const, target)).resolves.toBe('dry-run');
  });

  // What a caller without types, or a table from outside, may hand in.
  const untyped = (mode: unknown): ModeOption<Target> => mode as ModeOption<Target>;

  it.each([undefined, '', 'Enforce', true, 1, null])('has no default: %j is refused', async (mode) => {
    await expect(resolveMode(untyped(mode), target)).rejects.toMatchObject(invalid);
    await expect(
      resolveMode(
        untyped(() => mode),
        target,
      ),
    ).rejects.toMatchObject(invalid);
  });

  it('does nothing when the function throws, and keeps its error', async () => {
    const cause = new Error('table missing');
    const thrown = (): never => {
      throw cause;
    };
    await expect(resolveMode(thrown, target)).rejects.toMatchObject({ ...invalid, cause });
    await expect(resolveMode(() => Promise.reject(cause), target)).rejects.toMatchObject({ ...invalid, cause });
  });
});
