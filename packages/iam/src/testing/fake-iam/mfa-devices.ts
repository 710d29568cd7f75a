import type {
  ListMFADevicesCommandInput,
  ListMFADevicesCommandOutput,
  ListVirtualMFADevicesCommandInput,
  ListVirtualMFADevicesCommandOutput,
  VirtualMFADevice,
} from '@aws-sdk/client-iam';
import { type Answer, dateOf, userAnswer } from './answers.ts';
import { validationError } from './errors.ts';
import { seenUser } from './lookups.ts';
import type { Pager } from './pages.ts';
import { arnOf, type RootRecord, type World } from './state.ts';

/** Devices of every kind. */
export const listMfaDevices = (
  world: World,
  page: Pager,
  input: ListMFADevicesCommandInput,
): Answer<ListMFADevicesCommandOutput> => {
  const { name, mfa } = seenUser(world, input.UserName, 'caller');
  const devices = mfa.toSorted((one, other) => (one.serial < other.serial ? -1 : 1));
  const { page: some, end } = page('ListMFADevices', devices, (device) => device.serial, input);
  return {
    MFADevices: some.map(({ serial, enabledAt }) => ({
      UserName: name,
      SerialNumber: serial,
      EnableDate: dateOf(enabledAt),
    })),
    ...end,
  };
};

const rootDevice = (world: World, { createdAt }: RootRecord): VirtualMFADevice => ({
  SerialNumber: arnOf(world, 'mfa/root-account-mfa-device'),
  User: { Path: '/', UserName: '', UserId: world.accountId, Arn: arnOf(world, 'root'), CreateDate: dateOf(createdAt) },
  EnableDate: dateOf(createdAt),
});

const assigned = (world: World): VirtualMFADevice[] => [
  ...(world.root.mfa === 'virtual' ? [rootDevice(world, world.root)] : []),
  ...world.users.seenAll().flatMap((user) =>
    user.mfa
      .filter((device) => device.kind === 'virtual')
      .map(({ serial, enabledAt }) => ({
        SerialNumber: serial,
        User: userAnswer(user),
        EnableDate: dateOf(enabledAt),
      })),
  ),
];

const serialOf = ({ SerialNumber = '' }: VirtualMFADevice): string => SerialNumber;

/** Virtual devices alone, those of the whole account. */
export const listVirtualMfaDevices = (
  world: World,
  page: Pager,
  input: ListVirtualMFADevicesCommandInput,
): Answer<ListVirtualMFADevicesCommandOutput> => {
  const status = input.AssignmentStatus ?? 'Any';
  if (status !== 'Any' && status !== 'Assigned' && status !== 'Unassigned') {
    throw validationError(
      status,
      'assignmentStatus',
      'Member must satisfy enum value set: [Assigned, Unassigned, Any]',
    );
  }
  const spare = world.spareDevices.seenAll().map(({ serial }): VirtualMFADevice => ({ SerialNumber: serial }));
  const devices = [...(status === 'Unassigned' ? [] : assigned(world)), ...(status === 'Assigned' ? [] : spare)];
  devices.sort((one, other) => (serialOf(one) < serialOf(other) ? -1 : 1));
  const { page: some, end } = page('ListVirtualMFADevices', devices, serialOf, input);
  return { VirtualMFADevices: [...some], ...end };
};
