import { days } from '@remedykit/core';
import type { UserView } from '../fake-iam/views.ts';
import { admins, exemptTag, names, policies } from './cast.ts';
import type { Play } from './play.ts';
import type { Event } from './story.ts';

// For tests alone: what people change about users and policies, past the enforcer.

type UserEvent = Exclude<Event & { user: number }, { kind: 'resolve' }>;

export const nameOf = (at: number): string => names[at % names.length] ?? '';

export const findUser = ({ iam }: Play, name: string): UserView | undefined =>
  iam.users.find((user) => user.name === name);

const setOwner = ({ iam }: Play, name: string, owner: (Event & { kind: 'owner' })['owner']): void => {
  if (owner === 'none') iam.untag(name, 'owner');
  else
    iam.tag(name, {
      owner: { own: `${name}@example.com`, other: 'other@example.com', foreign: 'x@elsewhere.example' }[owner],
    });
};

const changeKey = ({ iam, time }: Play, user: UserView, event: UserEvent & { key: number }): void => {
  const key = user.keys[event.key];
  if (key === undefined) return;
  if (event.kind === 'use') iam.useKey(user.name, key.id, time.now());
  else if (event.kind === 'rotate') {
    iam.removeKey(user.name, key.id);
    iam.addKey(user.name);
  } else iam.setKeyActive(user.name, key.id, event.kind === 'activate');
};

const changePolicies = ({ iam }: Play, user: UserView, event: UserEvent & { policy: 'enrolment' | 'hold' }): void => {
  const { arn } = policies[event.policy];
  const has = user.attachedPolicies.includes(arn);
  if (event.kind === 'attach' && !has) iam.attach(user.name, arn);
  if (event.kind === 'detach' && has) iam.detach(user.name, arn);
};

const tag = (play: Play, name: string, count: number): void => {
  const day = new Date(play.time.now().getTime() + days(count)).toISOString().slice(0, 10);
  play.iam.tag(name, { [exemptTag]: `${day} a story` });
  play.tagged.set(name, play.time.now().getTime());
};

/** What somebody does to a user. */
export const changeUser = (play: Play, event: UserEvent): void => {
  const { iam, time, exempt } = play;
  const name = nameOf(event.user);
  const user = findUser(play, name);
  play.changedAt.set(name, time.now().getTime());
  if (event.kind === 'recreate') {
    if (user !== undefined) iam.removeUser(name);
    iam.addUser({ name, tags: { owner: `${name}@example.com` }, password: { createdAt: time.now() } });
    return;
  }
  if (event.kind === 'exempt') exempt.set(name, new Date(time.now().getTime() + days(event.days)));
  if (event.kind === 'end-exemption') exempt.delete(name);
  if (user === undefined) return;
  if (event.kind === 'delete') iam.removeUser(name);
  if (event.kind === 'enrol' && user.mfa.length === 0) iam.enableMfa(name, 'virtual');
  if (event.kind === 'take-mfa-off') iam.disableMfa(name);
  if (event.kind === 'new-password') iam.setPassword(name, { createdAt: time.now() });
  if (event.kind === 'remove-password') iam.removePassword(name);
  if (event.kind === 'sign-in' && user.password !== undefined) iam.signIn(name);
  if (event.kind === 'owner') setOwner(play, name, event.owner);
  if (event.kind === 'make-admin' && !user.groups.includes(admins)) iam.addToGroup(name, admins);
  if (event.kind === 'no-admin' && user.groups.includes(admins)) iam.removeFromGroup(name, admins);
  if (event.kind === 'tag-exempt') tag(play, name, event.days);
  if (event.kind === 'untag') iam.untag(name, exemptTag);
  if ('policy' in event) changePolicies(play, user, event);
  if ('key' in event) changeKey(play, user, event);
};

/** A policy keeps five versions. */
const mostVersions = 4;

/** Somebody changes what a policy says, or puts it right. */
export const changePolicy = (play: Play, event: Event & { kind: 'drift' | 'mend' }): void => {
  const { iam, driftedAt, time } = play;
  const { arn, document } = policies[event.policy];
  const isDrifted = driftedAt.has(arn);
  const versions = play.versions.get(arn) ?? 0;
  if (isDrifted === (event.kind === 'drift') || versions >= mostVersions) return;
  play.versions.set(arn, versions + 1);
  iam.addPolicyVersion(arn, event.kind === 'mend' ? document : { Version: '2012-10-17', Statement: [] });
  if (event.kind === 'mend') driftedAt.delete(arn);
  else driftedAt.set(arn, time.now().getTime());
};
