import type { UserView } from '@remedykit/iam/testing';

/** Enough of a key's id to tell it from others, and too little to use it. */
const maskedKey = (id: string): string => `${id.slice(0, 4)}…${id.slice(-4)}`;

const statusOf = ({ active }: UserView['keys'][number]): string => (active ? 'Active' : 'Inactive');

/** A managed policy by its name. */
const policyName = (arn: string): string => arn.split('/').at(-1) ?? arn;

/** Attached policies, or that there is none. */
export const policiesText = ({ attachedPolicies }: UserView): string =>
  attachedPolicies.map(policyName).join(', ') || 'none';

/** The keys of a user, in the order in which they were made. */
export const keysText = ({ keys }: UserView): string =>
  keys
    .toSorted((one, other) => one.createdAt.localeCompare(other.createdAt))
    .map((key) => `${maskedKey(key.id)} of ${key.createdAt.slice(0, 10)} ${statusOf(key)}`)
    .join(', ') || 'none';

const changesOf = (old: UserView, now: UserView): string[] => {
  const keys = old.keys.flatMap((key) => {
    const after = now.keys.find(({ id }) => id === key.id);
    const is = after === undefined ? 'deleted' : statusOf(after);
    return is === statusOf(key) ? [] : [`${now.name}, access key ${maskedKey(key.id)}: ${statusOf(key)} → ${is}`];
  });
  const [was, are] = [policiesText(old), policiesText(now)];
  return [
    ...keys,
    ...(was === are ? [] : [`${now.name}, attached policies: ${was} → ${are}`]),
    ...(old.password !== undefined && now.password === undefined ? [`${now.name}, password: deleted`] : []),
  ];
};

/** What is otherwise in the account now than it was: keys that are not as they were, attached policies, passwords. */
export const iamChanges = (before: readonly UserView[], now: readonly UserView[]): string[] =>
  now.flatMap((user) => {
    const old = before.find(({ userId }) => userId === user.userId);
    return old === undefined ? [] : changesOf(old, user);
  });
