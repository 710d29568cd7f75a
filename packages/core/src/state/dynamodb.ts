import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { RemediationError } from '../errors.ts';
import type { Json } from '../json.ts';
import { positiveInteger } from '../options.ts';
import { serializeDocument } from './document.ts';
import { isConditionFailure, storeError } from './dynamodb-errors.ts';
import { decodeToken, encodeToken, parseKey, parsePrefix } from './keys.ts';
import type { StateStore, Stored, WriteResult } from './store.ts';

export { dynamoDbPermissions, type Permissions, recommendedTableSettings, tableSchema } from './dynamodb-table.ts';

/** Options of the DynamoDB state store. */
export interface DynamoDbStoreOptions {
  readonly client: Pick<DynamoDBClient, 'send'>;
  /** Name or ARN of a table made from `tableSchema`. */
  readonly tableName: string;
  /** Makes the id under which one write is recognised when its answer was lost; default: random. */
  readonly writeId?: () => string;
}

type Item = Record<string, AttributeValue>;

/** The version counts, for people, and holds the write's id: a document deleted and made again is never taken for the old one. */
interface Version {
  readonly v: string;
  readonly w: string;
}

const parseVersion = (version: string): Version | undefined => {
  const [, v, w] = /^([1-9]\d{0,15})\.(.+)$/.exec(version) ?? [];
  return v === undefined || w === undefined ? undefined : { v, w };
};

const unchanged = 'v = :v AND w = :w';
const valuesOf = ({ v, w }: Version): Item => ({ ':v': { N: v }, ':w': { S: w } });

/**
 * A state store in one DynamoDB table: item `{ pk, sk, v, w, body }`, first key segment and rest, version, write id and the
 * document as JSON text. Reads are consistent. A write that the SDK sends again after a lost answer finds its own write id
 * and reports success. IAM actions: dynamodb:GetItem, dynamodb:PutItem, dynamodb:DeleteItem, dynamodb:Query (exactly
 * `dynamoDbPermissions({ tableArn })`).
 *
 * Besides the errors of `StateStore`: RemediationError `STATE_TABLE_UNFIT` (the table has other keys than `tableSchema`),
 * `STATE_DOCUMENT_INVALID` (an item that something else wrote).
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import { createDynamoDbStore } from '@remedykit/core/dynamodb';
 * const store = createDynamoDbStore({ client: new DynamoDBClient(), tableName: 'remedykit' });
 * ```
 */
export const createDynamoDbStore = ({
  client,
  tableName: TableName,
  writeId = randomUUID,
}: DynamoDbStoreOptions): StateStore => {
  const attempt = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      throw storeError(TableName, error);
    }
  };
  const keyOf = (key: string): Item => {
    const { first, rest } = parseKey(key);
    return { pk: { S: first }, sk: { S: rest } };
  };
  const storedOf = (key: string, { v, w, body }: Item): Stored => {
    if (v?.N === undefined || w?.S === undefined || body?.S === undefined) throw foreign(TableName, key);
    try {
      return { key, value: JSON.parse(body.S) as Json, version: `${v.N}.${w.S}` };
    } catch (cause) {
      throw foreign(TableName, key, cause);
    }
  };
  const get = async (key: string): Promise<Stored | undefined> => {
    const Key = keyOf(key);
    const { Item } = await attempt(() => client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true })));
    return Item && storedOf(key, Item);
  };
  const asItIs = (current: Stored | undefined): WriteResult => (current ? { ok: false, current } : { ok: false });

  /** Sends one conditional write; on conflict reads what is there instead. */
  const write = async (key: string, version: string, send: () => Promise<unknown>): Promise<WriteResult> => {
    try {
      await send();
      return { ok: true, version };
    } catch (error) {
      if (!isConditionFailure(error)) throw storeError(TableName, error);
    }
    const current = await get(key);
    // The condition failed on our own write: it had taken place, its answer was lost, and the SDK had sent it again.
    return current?.version === version ? { ok: true, version } : asItIs(current);
  };
  const put = (key: string, value: Json, previous: Version | undefined): Promise<WriteResult> => {
    const body = serializeDocument(key, value);
    const v = previous === undefined ? '1' : String(Number(previous.v) + 1);
    const w = writeId();
    const Item: Item = { ...keyOf(key), v: { N: v }, w: { S: w }, body: { S: body } };
    const condition =
      previous === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: unchanged, ExpressionAttributeValues: valuesOf(previous) };
    return write(key, `${v}.${w}`, () => client.send(new PutItemCommand({ TableName, Item, ...condition })));
  };

  return {
    get,
    async putIfAbsent(key, value) {
      return put(key, value, undefined);
    },
    async compareAndSet(key, value, version) {
      const previous = parseVersion(version);
      if (previous !== undefined) return put(key, value, previous);
      serializeDocument(key, value);
      return asItIs(await get(key));
    },
    async delete(key, version) {
      const Key = keyOf(key);
      const previous = parseVersion(version);
      const condition = {
        ConditionExpression: `attribute_not_exists(pk) OR (${unchanged})`,
        // A version of another store matches nothing.
        ExpressionAttributeValues: valuesOf(previous ?? { v: '0', w: '-' }),
      };
      const result = await write(key, version, () =>
        client.send(new DeleteItemCommand({ TableName, Key, ...condition })),
      );
      return result.ok || result.current ? result : { ok: true, version };
    },
    async list(prefix, { token, limit = 100 } = {}) {
      const { first, rest } = parsePrefix(prefix);
      const input = {
        TableName,
        ConsistentRead: true,
        Limit: positiveInteger('list', 'limit', limit),
        // DynamoDB takes no empty text to begin with.
        KeyConditionExpression: rest === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': { S: first }, ...(rest === '' ? {} : { ':sk': { S: rest } }) },
        ...(token === undefined ? {} : { ExclusiveStartKey: keyOf(decodeToken(prefix, token)) }),
      };
      const { Items = [], LastEvaluatedKey } = await attempt(() => client.send(new QueryCommand(input)));
      const keyFrom = ({ sk }: Item): string => `${first}/${sk?.S ?? ''}`;
      return {
        documents: Items.map((item) => storedOf(keyFrom(item), item)),
        ...(LastEvaluatedKey ? { nextToken: encodeToken(keyFrom(LastEvaluatedKey)) } : {}),
      };
    },
  };
};

const foreign = (table: string, key: string, cause?: unknown): RemediationError =>
  new RemediationError({
    code: 'STATE_DOCUMENT_INVALID',
    message: `The item ${key} of the table ${table} was not written by this store. Use a table of its own.`,
    cause,
  });
