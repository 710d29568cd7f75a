import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handler as onMailEvent } from './mail-event-handler.ts';
import { handler as plan } from './plan-handler.ts';
import { handler as resolve } from './resolve-handler.ts';
import { handler as restore } from './restore-handler.ts';
import { handler as onSchedule } from './scheduled-handler.ts';
import { context } from './testing/test-parts.ts';

// The project's own tests are steered by variables of this prefix too.
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('REMEDYKIT_')) vi.stubEnv(name, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['scheduled', () => onSchedule({}, context)],
  ['mail event', () => onMailEvent({})],
  ['plan', () => plan({}, context)],
  ['restore', () => restore({}, context)],
  ['resolve', () => resolve({}, context)],
])('the %s handler reads its settings at the first call, and says what is wrong with them', async (_name, call) => {
  await expect(call()).rejects.toMatchObject({ code: 'SETTING_MISSING' });
  vi.stubEnv('REMEDYKIT_MOOD', 'enforce');
  await expect(call()).rejects.toMatchObject({ code: 'SETTING_UNKNOWN' });
});
