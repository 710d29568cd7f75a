import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListPolicyVersionsCommand,
  ListUserPoliciesCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { sdkError } from '../sdk-error.ts';
import { createFakeIam } from './index.ts';

const noSuchEntity = sdkError('NoSuchEntityException', 404);
const limitExceeded = sdkError('LimitExceededException', 409);
const now = () => new Date('2026-11-24T10:00:00Z');

it('attaches up to the quota; what is attached is a success even then', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana' });
  const arns = Array.from({ length: 11 }, (_, at) => iam.addPolicy({ name: `policy-${at}`, document: {} }));
  const attach = (PolicyArn: string | undefined) =>
    iam.send(new AttachUserPolicyCommand({ UserName: 'ana', PolicyArn }));
  for (const arn of arns.slice(0, 10)) await attach(arn);
  await expect(attach(arns[10])).rejects.toMatchObject(limitExceeded);
  await attach(arns[3]);
  expect(iam.user('ana').attachedPolicies).toEqual(arns.slice(0, 10));
});

it('takes a raised quota, to 20 at most', async () => {
  const iam = createFakeIam({ now, policiesPerUser: 20 });
  const arns = Array.from({ length: 21 }, (_, at) => iam.addPolicy({ name: `policy-${at}`, document: {} }));
  iam.addUser({ name: 'ana', attachedPolicies: arns.slice(0, 20) });
  expect(() => iam.attach('ana', arns[20] ?? '')).toThrow(/PoliciesPerUser/);
  for (const policiesPerUser of [0, 21, 1.5]) expect(() => createFakeIam({ policiesPerUser })).toThrow(/from 1 to 20/);
});

it('refuses to attach what is not there or not for users, and to detach what is not attached', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana' });
  const linked = iam.addPolicy({ name: 'linked', document: {}, attachable: false });
  const attach = (UserName: string, PolicyArn: string) =>
    iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  await expect(attach('ana', 'arn:aws:iam::111122223333:policy/none')).rejects.toMatchObject(noSuchEntity);
  await expect(attach('ana', 'arn:aws:iam::aws:policy/NoSuchAccess')).rejects.toMatchObject(noSuchEntity);
  await expect(attach('ben', 'arn:aws:iam::aws:policy/ReadOnlyAccess')).rejects.toMatchObject(noSuchEntity);
  await expect(attach('ana', linked)).rejects.toMatchObject(sdkError('PolicyNotAttachableException', 400));
  await expect(attach('ana', 'short')).rejects.toMatchObject(sdkError('ValidationError', 400));
  const detach = new DetachUserPolicyCommand({ UserName: 'ana', PolicyArn: linked });
  await expect(iam.send(detach)).rejects.toMatchObject(noSuchEntity);
});

it('lists what is attached, by path too, until it is detached', async () => {
  const iam = createFakeIam({ now });
  const own = iam.addPolicy({ name: 'own', path: '/remedykit/', document: {} });
  const billing = 'arn:aws:iam::aws:policy/job-function/Billing';
  iam.addUser({ name: 'ana', attachedPolicies: [own, billing] });
  const attached = async (PathPrefix = '/') =>
    (await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'ana', PathPrefix }))).AttachedPolicies;
  expect(await attached()).toEqual([
    { PolicyName: 'own', PolicyArn: own },
    { PolicyName: 'Billing', PolicyArn: billing },
  ]);
  expect(await attached('/job-function/')).toEqual([{ PolicyName: 'Billing', PolicyArn: billing }]);
  await iam.send(new DetachUserPolicyCommand({ UserName: 'ana', PolicyArn: own }));
  expect(iam.user('ana').attachedPolicies).toEqual([billing]);
});

it('keeps versions, at most five, of which one is the default', async () => {
  const iam = createFakeIam({ now });
  const PolicyDocument = `{"Statement":[{"Sid":"It's (all)*!"}]}`;
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument }));
  const PolicyArn = Policy?.Arn;
  expect(Policy).toEqual({
    PolicyName: 'own',
    PolicyId: expect.stringMatching(/^ANPA/),
    Arn: 'arn:aws:iam::111122223333:policy/own',
    Path: '/',
    DefaultVersionId: 'v1',
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: now(),
    UpdateDate: now(),
  });
  const add = (SetAsDefault?: boolean) =>
    iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: '{}', SetAsDefault }));
  expect((await add()).PolicyVersion).toEqual({ VersionId: 'v2', IsDefaultVersion: false, CreateDate: now() });
  expect((await add(true)).PolicyVersion).toMatchObject({ VersionId: 'v3', IsDefaultVersion: true });
  await add();
  await add();
  await expect(add()).rejects.toMatchObject(limitExceeded);
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  expect(PolicyVersion?.IsDefaultVersion).toBe(false);
  expect(PolicyVersion?.Document).toMatch(/^[\w.~%-]+$/);
  expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(PolicyDocument);
  await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 1_000 }));
  expect(Versions?.map((one) => [one.VersionId, one.IsDefaultVersion])).toEqual([
    ['v5', false],
    ['v4', false],
    ['v3', false],
    ['v2', false],
    ['v1', true],
  ]);
});

it('counts where a policy is in use', async () => {
  const iam = createFakeIam({ now });
  const PolicyArn = iam.addPolicy({ name: 'own', document: {} });
  iam.addUser({ name: 'ana', attachedPolicies: [PolicyArn] });
  iam.addUser({ name: 'ben', boundary: PolicyArn });
  iam.addGroup({ name: 'ops', attachedPolicies: [PolicyArn] });
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  expect(Policy).toMatchObject({ AttachmentCount: 2, PermissionsBoundaryUsageCount: 1 });
});

it('knows some policies of AWS', async () => {
  const iam = createFakeIam({ now });
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  expect(Policy).toMatchObject({ PolicyName: 'AdministratorAccess', DefaultVersionId: 'v1' });
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toMatchObject({
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
});

it('refuses what is not there, twice there, or no JSON', async () => {
  const iam = createFakeIam({ now });
  const PolicyArn = iam.addPolicy({ name: 'own', document: {} });
  const none = 'arn:aws:iam::111122223333:policy/none';
  await expect(iam.send(new GetPolicyCommand({ PolicyArn: none }))).rejects.toMatchObject(noSuchEntity);
  const missing = new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v7' });
  await expect(iam.send(missing)).rejects.toMatchObject(noSuchEntity);
  const again = new CreatePolicyCommand({ PolicyName: 'own', PolicyDocument: '{}' });
  await expect(iam.send(again)).rejects.toMatchObject(sdkError('EntityAlreadyExistsException', 409));
  const broken = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: '{' });
  await expect(iam.send(broken)).rejects.toMatchObject(sdkError('MalformedPolicyDocumentException', 400));
});

it('shows inline policies', async () => {
  const iam = createFakeIam({ now });
  iam.addUser({ name: 'ana', inlinePolicies: { own: { Statement: [] } } });
  const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName: 'ana' }));
  expect(PolicyNames).toEqual(['own']);
  const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName: 'ana', PolicyName: 'own' }));
  expect(decodeURIComponent(PolicyDocument ?? '')).toBe('{"Statement":[]}');
  const none = new GetUserPolicyCommand({ UserName: 'ana', PolicyName: 'none' });
  await expect(iam.send(none)).rejects.toMatchObject(noSuchEntity);
});
