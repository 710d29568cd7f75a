import { describe, expect, it } from 'vitest';
import { simulateCall } from '../testing/simulate-call.ts';
import { type IdentityPolicy, mfaPolicies } from './mfa-policies.ts';

// What people and thieves can do while a policy is attached. `verdict` is the policies' own; where a rule of AWS overrides
// it, `but` says which, with its source.

const { enrolment, hold } = mfaPolicies({ accountId: '111122223333' });
const account = 'arn:aws:iam::111122223333';

const policyOf = (...actions: string[]): IdentityPolicy => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Work', Effect: 'Allow', Action: actions, Resource: ['*'] }],
});
/** What the user may do at work; nothing about IAM. */
const work = policyOf('s3:*', 'ec2:*', 'sts:*');
const administrator = policyOf('*');

interface Caller {
  readonly principal: string;
  readonly context: Readonly<Record<string, string>>;
}

const user = (name: string, path = ''): string => `${account}:user/${path}${name}`;
const session = { 'aws:TokenIssueTime': '2026-11-24T09:00:00Z', 'aws:ViaAWSService': 'false' };

/** A console session, or credentials from GetSessionToken: the policy sees the same of both. */
const signedIn = (mfa: boolean, name = 'alice', path = ''): Caller => ({
  principal: user(name, path),
  context: { 'aws:username': name, 'aws:MultiFactorAuthPresent': String(mfa), ...session },
});
const longTermKey: Caller = {
  principal: user('alice'),
  context: { 'aws:username': 'alice', 'aws:ViaAWSService': 'false' },
};
/** A call that a service makes for whoever called it: it carries `false`, also where a long-term key began it. */
const forwarded: Caller = {
  principal: user('alice'),
  context: { 'aws:username': 'alice', 'aws:MultiFactorAuthPresent': 'false', 'aws:ViaAWSService': 'true' },
};
/** A console session made with GetFederationToken from a long-term key: no user name, no MFA. */
const federated: Caller = {
  principal: 'arn:aws:sts::111122223333:federated-user/alice',
  context: { 'aws:MultiFactorAuthPresent': 'false', ...session },
};

const createDevice = ['iam:CreateVirtualMFADevice', `${account}:mfa/alice`] as const;
const enableFor = (name: string, path = '') => ['iam:EnableMFADevice', user(name, path)] as const;
const changePassword = ['iam:ChangePassword', user('alice')] as const;
const readBucket = ['s3:GetObject', 'arn:aws:s3:::reports/q3.csv'] as const;
const listDevices = ['iam:ListVirtualMFADevices', '*'] as const;
const passwordPolicy = ['iam:GetAccountPasswordPolicy', '*'] as const;
const deactivate = ['iam:DeactivateMFADevice', user('alice')] as const;

interface Journey {
  readonly title: string;
  readonly caller: Caller;
  readonly attached: IdentityPolicy;
  readonly own?: IdentityPolicy;
  readonly boundary?: IdentityPolicy;
  readonly calls: readonly (readonly [
    call: readonly [action: string, resource: string],
    verdict: 'allowed' | 'denied' | 'not-granted',
  ])[];
  /** The rule of AWS that overrides the verdicts, with its source. */
  readonly but?: string;
}

const enrolling: Journey[] = [
  {
    title: 'a console user without MFA enrols a device, and can do nothing else',
    caller: signedIn(false),
    attached: enrolment.document,
    calls: [
      [createDevice, 'allowed'],
      [enableFor('alice'), 'allowed'],
      [['iam:ResyncMFADevice', user('alice')], 'allowed'],
      [['iam:ListMFADevices', user('alice')], 'allowed'],
      [['iam:GetMFADevice', user('alice')], 'allowed'],
      [['iam:GetUser', user('alice')], 'allowed'],
      [listDevices, 'allowed'],
      [readBucket, 'denied'],
      [['sts:AssumeRole', `${account}:role/deploy`], 'denied'],
      [['iam:CreateAccessKey', user('alice')], 'denied'],
      [deactivate, 'denied'],
    ],
  },
  {
    title: 'with a temporary password they change it first, and so they do after a forced reset later',
    caller: signedIn(false),
    attached: enrolment.document,
    calls: [
      [changePassword, 'allowed'],
      [passwordPolicy, 'allowed'],
    ],
  },
  {
    title: 'a user with a path enrols as well',
    caller: signedIn(false, 'alice', 'teams/payments/'),
    attached: enrolment.document,
    calls: [
      [enableFor('alice', 'teams/payments/'), 'allowed'],
      [['iam:ChangePassword', user('alice', 'teams/payments/')], 'allowed'],
    ],
  },
  {
    title: 'nobody enrols for, or changes the password of, somebody else',
    caller: signedIn(false),
    attached: enrolment.document,
    calls: [
      [enableFor('bob'), 'not-granted'],
      [enableFor('malice'), 'not-granted'],
      [enableFor('bob', 'alice/'), 'not-granted'],
      [['iam:ChangePassword', user('bob')], 'not-granted'],
    ],
  },
  {
    title: 'under a permissions boundary that says nothing of IAM nobody enrols: cannot-self-heal',
    caller: signedIn(false),
    attached: enrolment.document,
    boundary: policyOf('s3:*'),
    calls: [
      [createDevice, 'not-granted'],
      [enableFor('alice'), 'not-granted'],
    ],
  },
  {
    title: 'under a boundary that leaves enrolment open they enrol',
    caller: signedIn(false),
    attached: enrolment.document,
    boundary: policyOf('s3:*', 'iam:*MFADevice*', 'iam:GetUser', 'iam:ChangePassword'),
    calls: [
      [createDevice, 'allowed'],
      [enableFor('alice'), 'allowed'],
    ],
  },
  {
    title: 'the same session stays denied after enrolment, until a new sign-in',
    caller: signedIn(false),
    attached: enrolment.document,
    calls: [[readBucket, 'denied']],
  },
  {
    title: 'a new session with MFA is free, though the policy is still attached',
    caller: signedIn(true),
    attached: enrolment.document,
    calls: [
      [readBucket, 'allowed'],
      [['sts:AssumeRole', `${account}:role/deploy`], 'allowed'],
      [deactivate, 'not-granted'],
    ],
  },
];

const thieves: Journey[] = [
  {
    title: 'I13: whoever holds a long-term key goes on, and can neither create nor enable a device',
    caller: longTermKey,
    attached: enrolment.document,
    calls: [
      [readBucket, 'allowed'],
      [createDevice, 'not-granted'],
      [enableFor('alice'), 'not-granted'],
      [listDevices, 'not-granted'],
    ],
  },
  {
    title: 'nor through a service that forwards EnableMFADevice for the key',
    caller: forwarded,
    attached: enrolment.document,
    calls: [
      [createDevice, 'not-granted'],
      [enableFor('alice'), 'not-granted'],
    ],
  },
  {
    title: 'credentials from GetSessionToken without MFA are denied',
    caller: signedIn(false),
    attached: enrolment.document,
    calls: [
      [readBucket, 'denied'],
      [createDevice, 'allowed'],
    ],
    but: 'credentials from GetSessionToken without MFA cannot call IAM at all, so no device is made with them; GetSessionToken and GetCallerIdentity themselves are governed by no policy. Source: STS API reference, GetSessionToken',
  },
  {
    title: 'a console session from GetFederationToken enables no device, for it has no user name',
    caller: federated,
    attached: enrolment.document,
    calls: [
      [enableFor('alice'), 'not-granted'],
      [readBucket, 'denied'],
    ],
    but: 'outside the console such credentials cannot call IAM at all. Source: STS API reference, GetFederationToken',
  },
  {
    title: 'an administrator may enable a device for anybody by their own policy: why privileged users are put on hold',
    caller: signedIn(false),
    attached: enrolment.document,
    own: administrator,
    calls: [
      [enableFor('bob'), 'allowed'],
      [enableFor('alice'), 'allowed'],
      [readBucket, 'denied'],
    ],
  },
];

const services: Journey[] = [
  {
    title: 'I13: what Athena or CloudFormation do for a long-term key is not denied',
    caller: forwarded,
    attached: enrolment.document,
    calls: [
      [readBucket, 'allowed'],
      [['ec2:RunInstances', 'arn:aws:ec2:eu-west-1:111122223333:instance/*'], 'allowed'],
    ],
  },
];

const held: Journey[] = [
  {
    title: 'on hold nobody signs in to anything, with MFA or without, and nobody enrols',
    caller: signedIn(true),
    attached: hold.document,
    calls: [
      [readBucket, 'denied'],
      [createDevice, 'denied'],
      [enableFor('alice'), 'denied'],
      [changePassword, 'denied'],
    ],
  },
  {
    title: 'on hold an administrator enrols nobody',
    caller: signedIn(false),
    attached: hold.document,
    own: administrator,
    calls: [
      [enableFor('alice'), 'denied'],
      [enableFor('bob'), 'denied'],
      [readBucket, 'denied'],
    ],
  },
  {
    title: 'on hold a session from GetFederationToken is denied too',
    caller: federated,
    attached: hold.document,
    own: administrator,
    calls: [
      [enableFor('alice'), 'denied'],
      [readBucket, 'denied'],
    ],
  },
  {
    title: 'I13: on hold long-term keys and what services do for them go on',
    caller: longTermKey,
    attached: hold.document,
    calls: [[readBucket, 'allowed']],
  },
  {
    title: 'I13: on hold, service-forwarded calls go on',
    caller: forwarded,
    attached: hold.document,
    calls: [[readBucket, 'allowed']],
  },
  {
    title: 'after resolve the enrolment policy stands in the place of the hold: the user enrols',
    caller: signedIn(false),
    attached: enrolment.document,
    calls: [
      [createDevice, 'allowed'],
      [enableFor('alice'), 'allowed'],
    ],
  },
];

const play = async ({ caller, attached, own = work, boundary, calls }: Journey) =>
  Promise.all(
    calls.map(async ([[action, resource]]) => [
      action,
      resource,
      await simulateCall({
        action,
        resource,
        ...caller,
        policies: [own, attached],
        ...(boundary === undefined ? {} : { boundary }),
      }),
    ]),
  );

describe.each([
  ['people who enrol', enrolling],
  ['thieves', thieves],
  ['services', services],
  ['on hold', held],
])('%s', (_, journeys) => {
  it.each(journeys)('$title', async (journey) => {
    expect(await play(journey)).toEqual(
      journey.calls.map(([[action, resource], verdict]) => [action, resource, verdict]),
    );
  });
});
