import type { Exempt } from '../model/case.ts';
import type { IamUser } from '../model/user.ts';
import type { ListedExemption, TagExemption } from './exemption.ts';
import { fitsGlob } from './glob.ts';

/** What the exemptions say of one user. Plain JSON. */
export interface ExemptionAnswer {
  /** The exemption that holds; of several the one that lasts longest, of equals the first of the list. */
  readonly exempt?: Exempt;
  /** Exemptions of this user that are over: to be reported, until they are taken from the list. */
  readonly expired: readonly Exempt[];
  /** Tags that were to exempt and say no end or no reason: they exempt nobody. */
  readonly faults: readonly string[];
}

/** What of a user an exemption looks at. */
export type ExemptionSubject = Pick<IamUser, 'userId' | 'userName' | 'arn' | 'path' | 'groups' | 'tags'>;

const equalNames = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const isFor = ({ kind, value }: ListedExemption, user: ExemptionSubject): boolean => {
  switch (kind) {
    case 'user-id':
      return user.userId === value;
    case 'user':
      return equalNames(user.userName, value);
    case 'arn':
      return user.arn === value;
    case 'path':
      return user.path.startsWith(value);
    case 'pattern':
      return fitsGlob(value.toLowerCase(), user.userName.toLowerCase());
    case 'group':
      return user.groups.some((group) => equalNames(group, value));
  }
};

const tagValue = /^(\d{4}-\d{2}-\d{2})\s+(\S.*)$/su;

/** The exemption that a tag's value makes; `undefined` where it says no end or no reason. */
const exemptOfTag = (key: string, value: string): Exempt | undefined => {
  const [, day = '', reason = ''] = tagValue.exec(value.trim()) ?? [];
  const at = Date.parse(`${day}T00:00:00.000Z`);
  // 2027-02-31 is no day.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) return undefined;
  return { reason, expires: `${day}T00:00:00.000Z`, by: `tag:${key}` };
};

/**
 * Whether a user is exempt now, why and until when. Pure. Groups are those that the user's own record lists, so it does
 * not matter how many members a group has. Tags count only with `tags`.
 */
export const exemptionOf = (
  user: ExemptionSubject,
  exemptions: readonly ListedExemption[],
  now: Date,
  options: { readonly tags?: TagExemption | undefined } = {},
): ExemptionAnswer => {
  const found: Exempt[] = exemptions
    .filter((exemption) => isFor(exemption, user))
    .map(({ kind, value, reason, expires }) => ({ reason, expires, by: `${kind}:${value}` }));
  const faults: string[] = [];

  const key = options.tags?.key;
  if (key !== undefined && Object.hasOwn(user.tags, key)) {
    const exempt = exemptOfTag(key, user.tags[key] ?? '');
    if (exempt !== undefined) found.push(exempt);
    else faults.push(`The tag ${key} exempts nobody: its value must be a day and a reason, 2027-03-31 legacy bridge.`);
  }

  const holds = ({ expires }: Exempt): boolean => Date.parse(expires) > now.getTime();
  const longest = found
    .filter(holds)
    .reduce<Exempt | undefined>(
      (best, exempt) => (best === undefined || Date.parse(exempt.expires) > Date.parse(best.expires) ? exempt : best),
      undefined,
    );
  return {
    ...(longest === undefined ? {} : { exempt: longest }),
    expired: found.filter((exempt) => !holds(exempt)),
    faults,
  };
};
