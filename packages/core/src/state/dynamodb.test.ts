import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalDynamoDb, startLocalDynamoDb } from '../testing/local-dynamodb.ts';
import { storeContract } from '../testing/store-contract.ts';
import { createDynamoDbStore, dynamoDbPermissions } from './dynamodb.ts';
import type { StateStore } from './store.ts';

let dynamo: LocalDynamoDb;
let tables = 0;
const sent = new Set<string>();

const newTable = async (): Promise<string> => {
  tables += 1;
  await dynamo.createTable(`table-${tables}`);
  return `table-${tables}`;
};

/** The client with something in between each request: a name for the command, and the real `send`. */
const between = (
  around: (name: string, send: () => Promise<unknown>) => Promise<unknown>,
): Pick<DynamoDBClient, 'send'> => {
  const send = (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> =>
    around(command.constructor.name.replace(/Command$/, ''), () => dynamo.client.send(command));
  // `send` has an overload for each command; one function cannot be typed as all of them.
  return { send } as Pick<DynamoDBClient, 'send'>;
};

const newStore = async (client: Pick<DynamoDBClient, 'send'> = dynamo.client): Promise<StateStore> =>
  createDynamoDbStore({ client, tableName: await newTable() });

beforeAll(async () => {
  dynamo = await startLocalDynamoDb();
});
afterAll(() => dynamo.close());

describe('createDynamoDbStore, over the wire', () => {
  const recorded = between((name, send) => {
    sent.add(`dynamodb:${name}`);
    return send();
  });
  for (const { title, run } of storeContract(() => newStore(recorded))) it(title, run);

  it('sends exactly the actions of its permissions', () => {
    const { actions, resources } = dynamoDbPermissions({ tableArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t' });
    expect([...sent].sort()).toEqual(actions);
    expect(resources).toEqual(['arn:aws:dynamodb:eu-west-1:111122223333:table/t']);
  });
});

describe('a write whose answer was lost', () => {
  // What the SDK does: it sends the same request again.
  const lossy = (): Promise<StateStore> =>
    newStore(
      between(async (name, send) => {
        if (name === 'PutItem' || name === 'DeleteItem') await send().catch(() => undefined);
        return send();
      }),
    );

  it('is a success when it had taken place', async () => {
    const store = await lossy();
    const put = await store.putIfAbsent('test/a', { n: 1 });
    expect(put).toMatchObject({ ok: true });
    const set = await store.compareAndSet('test/a', { n: 2 }, put.ok ? put.version : '');
    expect(set).toEqual({ ok: true, version: (await store.get('test/a'))?.version });
    await expect(store.delete('test/a', set.ok ? set.version : '')).resolves.toMatchObject({ ok: true });
    await expect(store.get('test/a')).resolves.toBeUndefined();
  });

  it('is a conflict when it had not, because somebody else was faster', async () => {
    const store = await lossy();
    await store.putIfAbsent('test/a', { n: 1 });
    await expect(store.putIfAbsent('test/a', { n: 2 })).resolves.toMatchObject({
      ok: false,
      current: { value: { n: 1 } },
    });
  });

  it('is told apart by its write id, not by its content', async () => {
    const tableName = await newTable();
    const of = (id: string): StateStore => createDynamoDbStore({ client: dynamo.client, tableName, writeId: () => id });
    await expect(of('one').putIfAbsent('test/a', { n: 1 })).resolves.toEqual({ ok: true, version: '1.one' });
    await expect(of('two').putIfAbsent('test/a', { n: 1 })).resolves.toMatchObject({ ok: false });
    await expect(of('one').putIfAbsent('test/a', { n: 1 })).resolves.toEqual({ ok: true, version: '1.one' });
  });
});

it('a delete that lost to another delete is a success', async () => {
  const conflict = Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
  const store = await newStore(between((name, send) => (name === 'DeleteItem' ? Promise.reject(conflict) : send())));
  await expect(store.delete('test/a', '1.x')).resolves.toEqual({ ok: true, version: '1.x' });
});

describe('errors', () => {
  it.each([
    ['AccessDeniedException', 'STATE_ACCESS_DENIED', false],
    ['ExpiredTokenException', 'STATE_ACCESS_DENIED', false],
    ['ResourceNotFoundException', 'STATE_TABLE_MISSING', false],
    ['ValidationException', 'STATE_TABLE_UNFIT', false],
    ['ProvisionedThroughputExceededException', 'STATE_UNAVAILABLE', true],
    ['TimeoutError', 'STATE_UNAVAILABLE', true],
  ])('%s becomes %s, from every method', async (name, code, retryable) => {
    const cause = Object.assign(new Error('as AWS says'), { name });
    const store = createDynamoDbStore({ client: between(() => Promise.reject(cause)), tableName: 'remedykit' });
    const expected = { code, retryable, cause, message: expect.stringContaining('remedykit') };
    await expect(store.get('test/a')).rejects.toMatchObject(expected);
    await expect(store.putIfAbsent('test/a', {})).rejects.toMatchObject(expected);
    await expect(store.compareAndSet('test/a', {}, '1.x')).rejects.toMatchObject(expected);
    await expect(store.delete('test/a', '1.x')).rejects.toMatchObject(expected);
    await expect(store.list('test/')).rejects.toMatchObject(expected);
  });

  it('a table that is not there, as the wire says it', async () => {
    const store = createDynamoDbStore({ client: dynamo.client, tableName: 'no-such-table' });
    await expect(store.get('test/a')).rejects.toMatchObject({ code: 'STATE_TABLE_MISSING' });
  });

  it('an item that something else wrote is neither read nor written over', async () => {
    const tableName = await newTable();
    const store = createDynamoDbStore({ client: dynamo.client, tableName });
    const key = { pk: { S: 'test' }, sk: { S: 'a' } };
    const invalid = { code: 'STATE_DOCUMENT_INVALID', retryable: false };
    for (const rest of [{}, { v: { N: '1' }, w: { S: 'x' }, body: { S: '{' } }]) {
      await dynamo.client.send(new PutItemCommand({ TableName: tableName, Item: { ...key, ...rest } }));
      await expect(store.get('test/a')).rejects.toMatchObject(invalid);
      await expect(store.putIfAbsent('test/a', {})).rejects.toMatchObject(invalid);
      await expect(store.list('test/')).rejects.toMatchObject(invalid);
    }
  });
});
