import {
  AttachUserPolicyCommand,
  DeleteLoginProfileCommand,
  DetachUserPolicyCommand,
  UpdateAccessKeyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import type { IamCalls, IamClient } from '../aws/calls.ts';
import { requestIdOf } from '../aws/errors.ts';
import type { ActionName, ActionSubject, ActionTarget } from '../model/action.ts';

/** The writes there are: those of actions, and those that undo them. None creates or deletes a key. */
export type WriteName = ActionName | 'activate';

/** The IAM actions that `writeTarget` needs, all targets together. */
export const writeActions: readonly string[] = [
  'iam:AttachUserPolicy',
  'iam:DeleteLoginProfile',
  'iam:DetachUserPolicy',
  'iam:UpdateAccessKey',
  'iam:UpdateServiceSpecificCredential',
  'iam:UpdateSigningCertificate',
  'iam:UpdateSSHPublicKey',
];

interface Write {
  readonly action: string;
  readonly send: (iam: IamClient) => Promise<unknown>;
}

const updateOf = (target: ActionTarget, UserName: string, Status: 'Active' | 'Inactive'): Write | undefined => {
  switch (target.kind) {
    case 'access-key': {
      const input = { UserName, AccessKeyId: target.accessKeyId, Status };
      return { action: 'UpdateAccessKey', send: (iam) => iam.send(new UpdateAccessKeyCommand(input)) };
    }
    case 'service-specific': {
      const input = { UserName, ServiceSpecificCredentialId: target.credentialId, Status };
      return {
        action: 'UpdateServiceSpecificCredential',
        send: (iam) => iam.send(new UpdateServiceSpecificCredentialCommand(input)),
      };
    }
    case 'signing-certificate': {
      const input = { UserName, CertificateId: target.certificateId, Status };
      return {
        action: 'UpdateSigningCertificate',
        send: (iam) => iam.send(new UpdateSigningCertificateCommand(input)),
      };
    }
    case 'ssh-key': {
      const input = { UserName, SSHPublicKeyId: target.sshKeyId, Status };
      return { action: 'UpdateSSHPublicKey', send: (iam) => iam.send(new UpdateSSHPublicKeyCommand(input)) };
    }
    default:
      return undefined;
  }
};

const writeOf = (name: WriteName, target: ActionTarget, UserName: string): Write | undefined => {
  if (name === 'deactivate' || name === 'activate')
    return updateOf(target, UserName, name === 'activate' ? 'Active' : 'Inactive');
  if (name === 'delete-login-profile')
    return target.kind === 'login-profile'
      ? { action: 'DeleteLoginProfile', send: (iam) => iam.send(new DeleteLoginProfileCommand({ UserName })) }
      : undefined;
  if (target.kind !== 'managed-policy') return undefined;
  const input = { UserName, PolicyArn: target.policyArn };
  return name === 'attach-policy'
    ? { action: 'AttachUserPolicy', send: (iam) => iam.send(new AttachUserPolicyCommand(input)) }
    : { action: 'DetachUserPolicy', send: (iam) => iam.send(new DetachUserPolicyCommand(input)) };
};

/** True when there is such a write for such a target. Pure. */
export const isWritable = (name: WriteName, target: ActionTarget): boolean => writeOf(name, target, '') !== undefined;

/**
 * One write, tried once: whether to try again is for whoever knows what a lost answer means. Gives the request ids of AWS.
 *
 * IAM actions: of `writeActions` the one for the target.
 * @throws what the client throws; a `TypeError` for a write that the target does not have
 */
export const writeTarget = async (
  calls: IamCalls,
  name: WriteName,
  { userName }: Pick<ActionSubject, 'userName'>,
  target: ActionTarget,
): Promise<readonly string[]> => {
  const write = writeOf(name, target, userName);
  if (write === undefined) throw new TypeError(`There is no ${name} of a ${target.kind}.`);
  const requestId = requestIdOf(await calls.call(write.action, write.send, { attempts: 1 }));
  return requestId === undefined ? [] : [requestId];
};
