import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** The browser to use: the one that CHROMIUM names, else the first on the PATH. */
export const findChromium = (env: NodeJS.ProcessEnv = process.env): string | undefined => {
  const named = env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
};

type Json = Readonly<Record<string, unknown>>;

/** A page that is open in the browser. */
export interface BrowserPage {
  send(method: string, params?: Json): Promise<Json>;
  /** Every event of a kind from now on. */
  on(method: string, take: (params: Json) => void): void;
  /** The value of an expression in the page, as JSON. */
  evaluate(expression: string): Promise<unknown>;
}

/** A browser without a window. */
export interface Browser {
  open(): Promise<BrowserPage>;
  close(): Promise<void>;
}

const endpointOf = (browser: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    browser.stderr?.on('data', (chunk) => {
      said += String(chunk);
      const [, url] = /DevTools listening on (ws:\/\/\S+)/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
    browser.on('error', reject);
    browser.on('exit', (code) => reject(new Error(`Chromium ended with ${code} before it could be used.\n${said}`)));
    setTimeout(() => reject(new Error(`Chromium did not start within 30 seconds.\n${said}`)), 30_000).unref();
  });

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly message: string };
}

/** Starts Chromium on the loopback address, with a profile of its own that goes with it. */
export const startChromium = async (path: string): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), 'remedykit-chromium-'));
  const browser = spawn(
    path,
    [
      '--headless',
      '--remote-debugging-address=127.0.0.1',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--hide-scrollbars',
      // Its sandbox refuses to run as root, as in containers; what is opened are pages of ours.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const socket = new WebSocket(await endpointOf(browser));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('Chromium cannot be talked to.')));
  });
  let last = 0;
  const waiting = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>();
  const listeners: { sessionId: string; method: string; take: (params: Json) => void }[] = [];
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id === undefined) {
      for (const { sessionId, method, take } of listeners)
        if (sessionId === message.sessionId && method === message.method) take(message.params ?? {});
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) asked?.reject(new Error(message.error.message));
    else asked?.resolve(message.result ?? {});
  });
  const send = (method: string, params: Json = {}, sessionId?: string): Promise<Json> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  return {
    async open() {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const session = String(sessionId);
      return {
        send: (method, params) => send(method, params, session),
        on: (method, take) => void listeners.push({ sessionId: session, method, take }),
        async evaluate(expression) {
          const { result, exceptionDetails } = await send(
            'Runtime.evaluate',
            { expression, returnByValue: true, awaitPromise: true },
            session,
          );
          if (exceptionDetails !== undefined) throw new Error(`In the page: ${JSON.stringify(exceptionDetails)}`);
          return (result as { readonly value?: unknown }).value;
        },
      };
    },
    async close() {
      const ended = new Promise((resolve) => browser.once('exit', resolve));
      await send('Browser.close').catch(() => browser.kill());
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
