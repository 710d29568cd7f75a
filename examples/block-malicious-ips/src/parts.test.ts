import { EC2Client } from '@aws-sdk/client-ec2';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { expect, it } from 'vitest';
import { createParts } from './parts.ts';
import { testSettings } from './testing/test-parts.ts';

const target = { accountId: '444455556666', region: 'us-east-1' };

it('without a role there is one client, of the function’s own account and Region', () => {
  const { ec2, guardDuty } = createParts(testSettings);
  expect(ec2).toBeInstanceOf(EC2Client);
  expect(guardDuty).toBeInstanceOf(GuardDutyClient);
});

it('G48: with a role there is one client per account and Region, kept', async () => {
  const role = { name: 'remedykit-network', externalId: 'o-a1b2c3d4e5' };
  const { ec2, guardDuty } = createParts({ ...testSettings, role });
  if (typeof ec2 !== 'function' || typeof guardDuty !== 'function') throw new Error('one client for all');
  const clientOf = (where: typeof target): EC2Client => ec2(where) as EC2Client;
  expect(await clientOf(target).config.region()).toBe('us-east-1');
  expect(clientOf(target)).toBe(clientOf({ ...target }));
  expect(clientOf(target)).not.toBe(clientOf({ ...target, accountId: '111122223333' }));
  expect(clientOf(target)).not.toBe(clientOf({ ...target, region: 'eu-west-1' }));
  expect(await (guardDuty(target) as GuardDutyClient).config.region()).toBe('us-east-1');
});
