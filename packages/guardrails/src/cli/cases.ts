import { dirname, join } from 'node:path';
import type { AttachedPolicy, PolicyLevel, PolicySet } from '../evaluate/evaluate.ts';
import type { PolicyDocument, PolicyType } from '../policy/document.ts';
import { parsePolicyDocument } from '../policy/parse.ts';
import type { AccessRequest, Principal } from '../policy/request.ts';
import { readJson } from './files.ts';
import { misuse } from './io.ts';
import { policiesIn } from './policies.ts';

/** One case of a user. */
export interface UserCase {
  readonly name: string;
  readonly request: AccessRequest;
  readonly expect: 'denied' | 'allowed';
  /** The Sid that must be among those that deny. */
  readonly statement?: string;
}

/** A policy with its type, as the cases are about it. */
export interface TypedDocument extends AttachedPolicy {
  readonly type: PolicyType;
}

/** The cases of a file, with what they are about: some documents by themselves, or the policies of an organisation. */
export interface CaseFile {
  readonly path: string;
  readonly cases: readonly UserCase[];
  readonly documents: readonly TypedDocument[];
  readonly organization?: PolicySet;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown, where: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw misuse(`${where} must be text.`);
};

const list = (value: unknown, where: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw misuse(`${where} must be a list.`);
};

/** An ARN is enough: the account is in it. */
const parsePrincipal = (value: unknown, where: string): Principal => {
  const fields = typeof value === 'string' ? { arn: value } : value;
  if (!isObject(fields)) throw misuse(`${where}.principal must be an ARN, or an object with arn and accountId.`);
  const { service, serviceLinkedRole } = fields;
  const arn = service === undefined ? text(fields.arn, `${where}.principal.arn`) : '';
  const accountId = fields.accountId ?? arn.split(':')[4] ?? '';
  return {
    arn,
    accountId: service === undefined ? text(accountId, `${where}.principal.accountId`) : '',
    ...(service === undefined ? {} : { service: text(service, `${where}.principal.service`) }),
    ...(typeof serviceLinkedRole === 'boolean' ? { serviceLinkedRole } : {}),
  };
};

const parseContext = (value: unknown, where: string): AccessRequest['context'] => {
  if (value === undefined) return {};
  if (!isObject(value)) throw misuse(`${where}.context must be an object: condition key, then value.`);
  return Object.fromEntries(
    Object.entries(value).map(([key, found]) => {
      if (Array.isArray(found)) return [key, found.map(String)];
      if (typeof found === 'object') throw misuse(`${where}.context.${key} must be text or a list of texts.`);
      return [key, String(found)];
    }),
  );
};

const parseCase = (value: unknown, where: string): UserCase => {
  if (!isObject(value) || !isObject(value.request))
    throw misuse(`${where} must be an object with name, request and expect.`);
  const { request, expect, statement, name } = value;
  if (expect !== 'denied' && expect !== 'allowed' && expect !== 'undecided')
    throw misuse(`${where}.expect must be "denied" or "allowed".`);
  const { resource = '*', resourceAccountId } = request;
  return {
    name: text(name, `${where}.name`),
    expect: expect === 'denied' ? 'denied' : 'allowed',
    request: {
      action: text(request.action, `${where}.request.action`),
      principal: parsePrincipal(request.principal, `${where}.request`),
      resource: text(resource, `${where}.request.resource`),
      context: parseContext(request.context, `${where}.request`),
      ...(resourceAccountId === undefined
        ? {}
        : { resourceAccountId: text(resourceAccountId, `${where}.request.resourceAccountId`) }),
    },
    ...(statement === undefined ? {} : { statement: text(statement, `${where}.statement`) }),
  };
};

const typeOf = ({ Statement: statements }: PolicyDocument): PolicyType =>
  statements.some(({ Principal }) => Principal === '*') ? 'RESOURCE_CONTROL_POLICY' : 'SERVICE_CONTROL_POLICY';

const readPolicies = (file: unknown, from: string): readonly TypedDocument[] => {
  const path = join(dirname(from), text(file, `${from}: policies`));
  const found = policiesIn(readJson(path));
  if (found.length === 0) throw misuse(`${path}, which ${from} names, holds no policy.`);
  return found.map(({ policy, type }) => {
    const document = parsePolicyDocument(policy, path);
    return { name: path, document, type: type ?? typeOf(document) };
  });
};

const parseLevels = (value: unknown, from: string, where: string): readonly PolicyLevel[] =>
  list(value, `${from}: ${where}`).map((level, index) => {
    const at = `${from}: ${where}[${index}]`;
    if (!isObject(level)) throw misuse(`${at} must be an object with target and policies.`);
    return {
      target: text(level.target, `${at}.target`),
      policies: list(level.policies, `${at}.policies`).flatMap((file) => readPolicies(file, from)),
    };
  });

const parseOrganization = (value: unknown, from: string): PolicySet => {
  if (!isObject(value)) throw misuse(`${from}: organization must be an object.`);
  const { managementAccountId } = value;
  const levels = (key: 'serviceControlPolicies' | 'resourceControlPolicies') =>
    value[key] === undefined ? {} : { [key]: parseLevels(value[key], from, `organization.${key}`) };
  return {
    ...levels('serviceControlPolicies'),
    ...levels('resourceControlPolicies'),
    ...(managementAccountId === undefined
      ? {}
      : { managementAccountId: text(managementAccountId, `${from}: organization.managementAccountId`) }),
  };
};

/** Whether a file holds cases, by its name: `regions.cases.json`. */
export const isCaseFile = (path: string): boolean => path.endsWith('.cases.json');

/**
 * Reads a file of cases: a list of them, or an object with `cases` and the `policies` or the `organization` that they are
 * about. Without either, `regions.cases.json` is about `regions.json` beside it. @throws `CLI_MISUSE`
 */
export const readCaseFile = (path: string): CaseFile => {
  const content = readJson(path);
  const fields: Fields = isObject(content) ? content : { cases: content };
  const cases = list(fields.cases, `${path}: cases`).map((one, index) => parseCase(one, `${path}: cases[${index}]`));
  if (cases.length === 0) throw misuse(`${path} holds no cases.`);
  if (fields.organization !== undefined)
    return { path, cases, documents: [], organization: parseOrganization(fields.organization, path) };
  const own = path.replace(/\.cases\.json$/, '.json').split(/[/\\]/);
  const files = fields.policies === undefined ? [own.at(-1)] : list(fields.policies, `${path}: policies`);
  const documents = files.flatMap((file) => readPolicies(file, path));
  if (documents.length === 0) throw misuse(`${path} names no policies.`);
  return { path, cases, documents };
};
