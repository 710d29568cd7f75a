import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handler as onAlert } from './alert-handler.ts';
import { createParts } from './parts.ts';
import { amazonQSettings, context, slackSettings } from './testing/test-parts.ts';
import { handler as onSchedule } from './upkeep-handler.ts';

// The project's own tests are steered by variables of this prefix too.
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('REMEDYKIT_')) vi.stubEnv(name, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['alert', onAlert],
  ['upkeep', onSchedule],
])('the %s handler reads its settings at the first call, and says what is wrong with them', async (_name, handler) => {
  await expect(handler({}, context)).rejects.toMatchObject({ code: 'SETTING_MISSING' });
  vi.stubEnv('REMEDYKIT_CHATS', 'slack');
  await expect(handler({}, context)).rejects.toMatchObject({ code: 'SETTING_UNKNOWN' });
});

it('the real parts can be made of the settings of each variant', () => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  expect(createParts(amazonQSettings).outbox).toBeUndefined();
  expect(createParts(slackSettings).outbox).toBeDefined();
});
