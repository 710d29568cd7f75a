// `pnpm test:aws`: starts an AWS emulator (moto, from PyPI, in a virtual environment of the project's own) and runs the
// tests that talk to it over HTTP. Arguments are passed on to vitest.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { capture } from './lib/run.ts';
import { root } from './lib/workspace.ts';

const requirements = join(root, 'scripts/requirements-aws.txt');
const environment = join(root, '.venv');
const stamp = join(environment, 'requirements.sha256');
const inEnvironment = (name: string): string =>
  process.platform === 'win32' ? join(environment, 'Scripts', `${name}.exe`) : join(environment, 'bin', name);

/** The first Python on the PATH that moto's pinned release runs on. */
const findPython = (): string => {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
  const fits = (name: string): boolean =>
    capture(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']).ok;
  const python = names.find(fits);
  if (python === undefined) {
    throw new Error('pnpm test:aws needs Python 3.11 or newer with its venv module. Install it and try again.');
  }
  return python;
};

const must = (what: string, command: string, args: readonly string[]): void => {
  console.log(`${what} …`);
  const { ok, output } = capture(command, args);
  if (!ok) throw new Error(`${[command, ...args].join(' ')}\n${output}`);
};

/** Makes the virtual environment hold what the requirements say; a stamp tells that it does already. */
const prepareEnvironment = (): void => {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const python = findPython();
  rmSync(environment, { recursive: true, force: true });
  must('Creating the virtual environment .venv', python, ['-m', 'venv', environment]);
  must('Installing the emulator', inEnvironment('python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--requirement',
    requirements,
  ]);
  writeFileSync(stamp, wanted);
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port on the loopback address.');
  return address.port;
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
};

const children = new Set<ChildProcess>();
const stopAll = (): void => {
  for (const child of children) child.kill();
};

const startEmulator = async (url: string): Promise<void> => {
  const log: string[] = [];
  const server = spawn(inEnvironment('moto_server'), ['-H', '127.0.0.1', '-p', new URL(url).port], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(server);
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => log.push(String(chunk)));
  let failure: string | undefined;
  server.on('error', (error) => {
    failure = error.message;
  });
  server.on('exit', (code) => {
    failure ??= `it ended with ${code}`;
  });
  const deadline = Date.now() + 60_000;
  while (!(await answers(`${url}/moto-api/`))) {
    if (failure === undefined && Date.now() > deadline) failure = 'it did not answer within a minute';
    if (failure !== undefined) throw new Error(`The emulator did not start: ${failure}.\n${log.slice(-20).join('')}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

/** The environment of the tests: the emulator's endpoint, and no credentials but dummies. */
const testEnvironment = (url: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
});

const runTests = async (url: string): Promise<number> => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', join(root, 'vitest.aws.config.ts'), ...process.argv.slice(2)];
  const tests = spawn(process.execPath, args, { cwd: root, env: testEnvironment(url), stdio: 'inherit' });
  children.add(tests);
  const [code] = (await once(tests, 'exit')) as [number | null];
  return code ?? 1;
};

// A listener keeps the signal from ending this process before its children.
process.on('SIGINT', stopAll).on('SIGTERM', stopAll);
try {
  prepareEnvironment();
  const url = `http://127.0.0.1:${await freePort()}`;
  await startEmulator(url);
  process.exitCode = await runTests(url);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  stopAll();
}
