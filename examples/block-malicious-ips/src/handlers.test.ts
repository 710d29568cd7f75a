import { afterEach, expect, it, vi } from 'vitest';
import { handler as onEvent } from './event-handler.ts';
import { handler as onQueue } from './queue-handler.ts';
import { context } from './testing/test-parts.ts';
import { handler as onSchedule } from './upkeep-handler.ts';

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
    vi.stubEnv('REMEDYKIT_MODE', undefined);
    await expect(handler({}, context)).rejects.toMatchObject({ code: 'SETTING_MISSING' });
    vi.stubEnv('REMEDYKIT_MOOD', 'enforce');
    await expect(handler({}, context)).rejects.toMatchObject({ code: 'SETTING_UNKNOWN' });
  },
);
