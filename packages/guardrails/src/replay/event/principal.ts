import type { Principal } from '../../policy/request.ts';
import { objectIn, type ReplayEvent, textIn } from './event.ts';

/** Who called, as far as the event says. */
export interface Caller {
  readonly principal: Principal;
  /** For people, and to count by: a role and not its sessions. */
  readonly name: string;
  /** What `aws:PrincipalArn` was; undefined where the event does not say. */
  readonly principalArn?: string;
  /** `unknown` where the event does not name the principal, only its account or nothing at all. */
  readonly kind: 'root' | 'user' | 'role' | 'federated-user' | 'service' | 'web-identity' | 'unknown';
}

const account = /^\d{12}$/;

const partitionOf = (region: string | undefined): string => {
  if (region?.startsWith('cn-') === true) return 'aws-cn';
  return region?.startsWith('us-gov-') === true ? 'aws-us-gov' : 'aws';
};

/**
 * Reads `userIdentity`. The session of a role becomes the role, whose ARN with its path is that of the session's issuer.
 * Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".
 */
export const callerOf = ({ identity, region, recipient }: ReplayEvent): Caller => {
  const type = textIn(identity, 'type') ?? 'Unknown';
  const arn = textIn(identity, 'arn');
  const invokedBy = textIn(identity, 'invokedBy');
  const issuer = objectIn(objectIn(identity, 'sessionContext'), 'sessionIssuer');
  const id = [textIn(identity, 'accountId'), textIn(issuer, 'accountId'), arn?.split(':')[4]].find(
    (one) => one !== undefined && account.test(one),
  );
  const accountId = id ?? '';
  if (
    type === 'AWSService' ||
    (arn === undefined && id === undefined && invokedBy?.endsWith('.amazonaws.com') === true)
  ) {
    const service = invokedBy ?? textIn(identity, 'principalId') ?? 'an AWS service';
    return { principal: { arn: '', accountId: '', service }, name: service, kind: 'service' };
  }
  if (type === 'SAMLUser' || type === 'WebIdentityUser') {
    const provider = textIn(identity, 'identityProvider') ?? 'an identity provider';
    return { principal: { arn: '', accountId: '' }, name: `${type} of ${provider}`, kind: 'web-identity' };
  }
  const known = (kind: Caller['kind'], principalArn: string): Caller => ({
    principal: { arn: principalArn, accountId },
    name: principalArn,
    principalArn,
    kind,
  });
  if (type === 'Root' && accountId !== '')
    return known('root', `arn:${arn?.split(':')[1] ?? partitionOf(region)}:iam::${accountId}:root`);
  if (type === 'IAMUser' && arn !== undefined) return known('user', arn);
  if (type === 'FederatedUser' && arn !== undefined) return known('federated-user', arn);
  const role = textIn(issuer, 'arn');
  if ((type === 'AssumedRole' || type === 'Role') && role?.includes(':role/') === true) return known('role', role);
  if (type === 'Role' && arn?.includes(':role/') === true) return known('role', arn);
  if (type === 'AssumedRole' && arn !== undefined)
    // A session without its issuer: the role may have a path that the session's ARN leaves out.
    return { principal: { arn, accountId }, name: arn.replace(/^(.*:assumed-role\/[^/]+)\/.*$/, '$1'), kind: 'role' };
  const where = accountId === '' ? `in ${recipient ?? 'an account'}` : accountId;
  return { principal: { arn: arn ?? '', accountId }, name: arn ?? `${type} ${where}`, kind: 'unknown' };
};
