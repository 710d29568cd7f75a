import { IAMClient } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { createParts } from './parts.ts';
import { testSettings } from './testing/test-parts.ts';

it('without a role there is one client, of the function’s own account', () => {
  expect(createParts(testSettings).iam).toBeInstanceOf(IAMClient);
});

it('with a role there is one client per account, kept, in the partition of the function', async () => {
  const role = { name: 'remedykit-iam', externalId: 'o-a1b2c3d4e5', region: 'cn-north-1' };
  const { iam } = createParts({ ...testSettings, role });
  if (typeof iam !== 'function') throw new Error('one client for all');
  const client = iam({ accountId: '444455556666' });
  if (!(client instanceof IAMClient)) throw new Error('no client of the SDK');
  expect(await client.config.region()).toBe('cn-north-1');
  expect(iam({ accountId: '444455556666' })).toBe(client);
  expect(iam({ accountId: '111122223333' })).not.toBe(client);
});
