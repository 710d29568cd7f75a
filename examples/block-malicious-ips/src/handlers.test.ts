import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handler as onEvent } from './event-handler.ts';
import { handler as onQueue } from './queue-handler.ts';
import { context } from './testing/test-parts.ts';
import { handler as onSchedule } from './upkeep-handler.ts';

// The project's own tests are steered by variables of this prefix too.
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('REMEDYKIT_')) vi.stubEnv(name, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['event', onEvent],
  ['queue', onQueue],
  ['upkeep', onSchedule],
])(
  'G27: the %s handler reads its settings at the first call, and says what is wrong with them',
  async (_name, handler) => {
    await expect(handler({}, context)).rejects.toMatchObject({ code: 'SETTING_MISSING' });
    vi.stubEnv('REMEDYKIT_MOOD', 'enforce');
    await expect(handler({}, context)).rejects.toMatchObject({ code: 'SETTING_UNKNOWN' });
  },
);
