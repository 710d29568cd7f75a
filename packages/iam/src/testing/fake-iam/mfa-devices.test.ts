import { ListMFADevicesCommand, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const at = '2026-11-01T00:00:00Z';
const virtual = 'arn:aws:iam::111122223333:mfa/ana';

it('lists the devices of a user, of every kind', async () => {
  const iam = createFakeIam();
  iam.addUser({ name: 'ana', password: { createdAt: at, mfa: 'virtual' } });
  const serials = [virtual, iam.enableMfa('ana', 'hardware', at), iam.enableMfa('ana', 'fido', at)];
  expect(serials[1]).toMatch(/^GAHT\w{8}$/);
  expect(serials[2]).toMatch(/^arn:aws:iam::111122223333:u2f\/user\/ana\/key-/);
  const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName: 'ana' }));
  expect(MFADevices).toHaveLength(3);
  expect(MFADevices).toEqual(
    expect.arrayContaining(
      serials.map((SerialNumber) => ({ UserName: 'ana', SerialNumber, EnableDate: new Date(at) })),
    ),
  );
  iam.disableMfa('ana', virtual);
  expect(iam.user('ana').mfa.map((device) => device.kind)).toEqual(['hardware', 'fido']);
  iam.disableMfa('ana');
  expect(await iam.send(new ListMFADevicesCommand({ UserName: 'ana' }))).toMatchObject({
    MFADevices: [],
    IsTruncated: false,
  });
});

it('lists virtual devices of the whole account: in use with their user, and spare ones', async () => {
  const iam = createFakeIam();
  iam.addUser({ name: 'ana', mfa: ['virtual', 'hardware', 'fido'] });
  const spare = iam.addSpareMfaDevice('spare');
  const serials = async (AssignmentStatus?: 'Assigned' | 'Unassigned') =>
    (await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus }))).VirtualMFADevices?.map((device) => [
      device.SerialNumber,
      device.User?.Arn,
    ]);
  const inUse = [
    [virtual, 'arn:aws:iam::111122223333:user/ana'],
    ['arn:aws:iam::111122223333:mfa/root-account-mfa-device', 'arn:aws:iam::111122223333:root'],
  ];
  expect(await serials('Assigned')).toEqual(inUse);
  expect(await serials('Unassigned')).toEqual([[spare, undefined]]);
  expect(await serials()).toEqual([...inUse, [spare, undefined]]);
  iam.setRoot({ mfa: 'hardware' });
  expect(await serials('Assigned')).toEqual([inUse[0]]);
});

it('gives a second virtual device a serial of its own', () => {
  const iam = createFakeIam();
  iam.addUser({ name: 'ana', mfa: ['virtual', 'virtual'] });
  const [one, other] = iam.user('ana').mfa.map((device) => device.serial);
  expect(one).toBe(virtual);
  expect(other).not.toBe(virtual);
});

it('lets a user have 8 devices and no more', () => {
  const iam = createFakeIam();
  iam.addUser({ name: 'ana', mfa: Array.from({ length: 8 }, () => 'fido' as const) });
  expect(() => iam.enableMfa('ana')).toThrow(/MFADevicesPerUser: 8/);
});

it('knows no devices of nobody, and no other status', async () => {
  const iam = createFakeIam();
  const nobody = new ListMFADevicesCommand({ UserName: 'ben' });
  await expect(iam.send(nobody)).rejects.toMatchObject(sdkError('NoSuchEntityException', 404));
  const wrong = new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Lost' as 'Any' });
  await expect(iam.send(wrong)).rejects.toMatchObject(sdkError('ValidationError', 400));
});
