import { createMemoryStore, type Message } from '@remedykit/core';
import { expect, it } from 'vitest';
import { createSlackApiNotifier } from '../slack/api-notifier.ts';
import { sampleMessage } from '../testing/sample-message.ts';
import { startSlackApiServer } from '../testing/slack-api-server.ts';
import { createLiveNotifier } from './live-notifier.ts';

it('N19, N20: over the wire: one message per finding in Slack, answered, resolved, and posted anew when it is gone', async () => {
  const server = await startSlackApiServer();
  const store = createMemoryStore();
  const worker = () =>
    createLiveNotifier({
      store,
      notifier: createSlackApiNotifier({
        token: server.token,
        channelId: 'C024BE91L',
        apiUrl: server.url,
        allowedHosts: [server.host],
      }),
    });
  const at = (minute: number, changes: Partial<Message> = {}): Message =>
    sampleMessage({ at: `2026-11-24T10:0${minute}:00.000Z`, ...changes });
  const header = (payload: unknown): string =>
    /"header","text":\{"type":"plain_text","text":"([^"]*)"/.exec(JSON.stringify(payload))?.[1] ?? '';

  await Promise.all([worker().notify(at(1)), worker().notify(at(1))]);
  expect(server.messages()).toHaveLength(1);

  await worker().notify(at(2, { severity: 'critical', title: 'Worse' }));
  expect(server.messages().map(({ payload, threadTs }) => [header(payload), threadTs === undefined])).toEqual([
    ['🚨 CRITICAL · Worse', true],
    ['🚨 CRITICAL · Worse', false],
  ]);

  await worker().notify(at(3, { status: 'resolved', title: 'Archived' }));
  const [parent, ...replies] = server.messages();
  expect(header(parent?.payload)).toBe('✅ RESOLVED · Archived');
  expect(replies).toHaveLength(2);

  server.deleteMessage(parent?.ts ?? '');
  await worker().notify(at(4, { status: 'resolved', title: 'Archived, and released' }));
  expect(header(server.messages().at(-1)?.payload)).toBe('✅ RESOLVED · Archived, and released');
  await server.close();
});
