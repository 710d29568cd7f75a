import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCredentialReportCommand, GetLoginProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterEach, describe, expect, it } from 'vitest';
import { iamErrorCode, isDenied, isMissing, isThrottled, isTransient, requestIdOf } from './errors.ts';

let server: Server | undefined;
let client: IAMClient | undefined;

afterEach(async () => {
  client?.destroy();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A real client of an IAM that answers every request with this error. */
const failing = async (status: number, code: string): Promise<IAMClient> => {
  server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'r-1' });
    response.end(
      `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
    );
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return connect((server.address() as AddressInfo).port);
};

const connect = (port: number): IAMClient => {
  client = new IAMClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return client;
};

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => undefined).catch((error: unknown) => error);

describe("what a real client throws is told by IAM's own codes", () => {
  it.each([
    ['ReportNotPresent', 410],
    ['ReportExpired', 410],
    ['ReportInProgress', 404],
  ])('I21: %s', async (code, status) => {
    const error = await thrownBy((await failing(status, code)).send(new GetCredentialReportCommand({})));
    expect(iamErrorCode(error)).toBe(code);
    expect(requestIdOf(error)).toBe('r-1');
    expect([isTransient(error), isMissing(error), isDenied(error)]).toEqual([false, false, false]);
  });

  it.each([
    ['ServiceFailure', 500, 'transient'],
    ['Throttling', 400, 'throttled'],
    ['ServiceUnavailable', 503, 'transient'],
    ['AccessDenied', 403, 'denied'],
    ['NoSuchEntity', 404, 'missing'],
    ['ValidationError', 400, 'nothing'],
  ])('%s is %s', async (code, status, kind) => {
    const error = await thrownBy((await failing(status, code)).send(new GetLoginProfileCommand({ UserName: 'ada' })));
    expect(iamErrorCode(error)).toBe(code);
    expect(isThrottled(error)).toBe(kind === 'throttled');
    expect(isTransient(error)).toBe(kind === 'throttled' || kind === 'transient');
    expect(isDenied(error)).toBe(kind === 'denied');
    expect(isMissing(error)).toBe(kind === 'missing');
  });

  it('a connection that nobody takes is transient', async () => {
    const error = await thrownBy(connect(1).send(new GetLoginProfileCommand({ UserName: 'ada' })));
    expect(isTransient(error)).toBe(true);
    expect(isThrottled(error)).toBe(false);
  });
});

it('what is no error of AWS is nothing that waiting mends', () => {
  for (const thrown of [undefined, 'thrown', new TypeError('x is not a function')]) {
    expect(isTransient(thrown)).toBe(false);
    expect(isMissing(thrown)).toBe(false);
  }
  expect(iamErrorCode('thrown')).toBe('UNKNOWN');
  expect(requestIdOf(undefined)).toBeUndefined();
});
