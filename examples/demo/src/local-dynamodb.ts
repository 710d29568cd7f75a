import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbStore, tableSchema } from '@remedykit/core/dynamodb';
import dynalite from 'dynalite';
import { type Counts, countRequests } from './count-calls.ts';
import type { Stage } from './stage.ts';

/** Creates the state table and waits until it can be used. */
export const createTable = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  await client.send(new CreateTableCommand({ TableName, ...tableSchema }));
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await setTimeout(10);
  }
};

/** The stores of a stage on a DynamoDB that runs in this process and is talked to over HTTP. */
export const startLocalStores = async (
  calls: Counts,
  stageCalls: Counts,
): Promise<Pick<Stage, 'store' | 'stageStore' | 'close'>> => {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const config = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  };
  const client = countRequests(new DynamoDBClient(config), 'dynamodb', calls);
  const stageClient = countRequests(new DynamoDBClient(config), 'dynamodb', stageCalls);
  const tableName = 'remedykit';
  await createTable(stageClient, tableName);
  return {
    store: createDynamoDbStore({ client, tableName }),
    stageStore: createDynamoDbStore({ client: stageClient, tableName }),
    close: async () => {
      client.destroy();
      stageClient.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
