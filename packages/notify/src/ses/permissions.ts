import { allow, checkArn, type PolicyDocument } from '../permissions/policy.ts';

/** What mails are sent with. */
export interface SesPermissionOptions {
  /** The verified domain or address that mails come from: `arn:aws:ses:<region>:<account>:identity/example.com`. */
  readonly identityArn: string;
  /** `arn:aws:ses:<region>:<account>:configuration-set/<name>`, where one is used. */
  readonly configurationSetArn?: string;
  /** With `notifyAll`. Default true; without it every mail of `notifyAll` is sent alone. */
  readonly bulk?: boolean;
  /** With `preflight` and `notifyAll`, which read the sending rate. Default true. */
  readonly readAccount?: boolean;
}

const where = 'sesPermissions';

/**
 * The IAM policy that the client of `createSesNotifier` needs: these actions and no others. Bulk mails have their template
 * in the request, which SES checks as any template of the account; `ses:GetAccount` does not support resource-level
 * permissions. Source: service authorization reference, SES v2.
 * @throws RemediationError `OPTION_INVALID`
 * @example
 * ```ts
 * import { sesPermissions } from '@remedykit/notify/ses';
 * const policy = sesPermissions({ identityArn: 'arn:aws:ses:eu-west-1:111122223333:identity/example.com' });
 * ```
 */
export const sesPermissions = (options: SesPermissionOptions): PolicyDocument => {
  const { configurationSetArn, bulk = true, readAccount = true } = options;
  const identityArn = checkArn(where, 'identityArn', options.identityArn, 'ses', 'identity');
  const resources = [
    identityArn,
    ...(configurationSetArn === undefined
      ? []
      : [checkArn(where, 'configurationSetArn', configurationSetArn, 'ses', 'configuration-set')]),
  ];
  const templates = identityArn.replace(/:identity\/.*$/, ':template/*');
  return {
    Version: '2012-10-17',
    Statement: [
      ...allow('SendMails', ['ses:SendEmail'], resources),
      ...allow('SendManyMails', ['ses:SendBulkEmail'], bulk ? [...resources, templates] : []),
      ...allow('ReadSendingRate', ['ses:GetAccount'], readAccount ? ['*'] : []),
    ],
  };
};
