import { RemediationError } from '@remedykit/core';
import { webUrl } from '../fit/web-url.ts';

/** How people sign in to accounts through IAM Identity Center. */
export interface IdentityCenter {
  /** The access portal, `https://d-1234567890.awsapps.com/start`. */
  readonly startUrl: string;
  /** The permission set that people have in the account; one name, or one by account. */
  readonly roleName: string | ((accountId: string) => string | undefined);
}

/**
 * Checks the access portal's URL.
 * @throws RemediationError `OPTION_INVALID`
 */
export const parseStartUrl = (startUrl: string): string => {
  const url = webUrl(startUrl);
  if (url !== undefined && url.hash === '' && url.search === '') return url.href.replace(/\/+$/, '');
  throw new RemediationError({
    code: 'OPTION_INVALID',
    message: `identityCenter: startUrl must be an https URL as in https://d-1234567890.awsapps.com/start, it is ${JSON.stringify(startUrl)}.`,
  });
};

/**
 * The page, through the access portal: people who are signed in to the portal come to the right account with the right
 * role. Without a role for the account, or an account of 12 digits: the page itself.
 * Source: IAM Identity Center user guide, shortcut links.
 */
export const identityCenterUrl = (
  { startUrl, roleName }: IdentityCenter,
  { accountId, url }: { readonly accountId: string; readonly url: string },
): string => {
  if (!/^\d{12}$/.test(accountId)) return url;
  const role = typeof roleName === 'function' ? roleName(accountId) : roleName;
  if (role === undefined || role === '') return url;
  const query = `account_id=${accountId}&role_name=${encodeURIComponent(role)}&destination=${encodeURIComponent(url)}`;
  return `${parseStartUrl(startUrl)}/#/console?${query}`;
};
