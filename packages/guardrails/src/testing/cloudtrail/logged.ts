import type { ActionData } from '../../actions/facts.ts';
import type { AccessRequest } from '../../policy/request.ts';
import { eventNames } from '../../replay/event/event-names.ts';

// For tests alone: what CloudTrail would have written of a request.

/** A request, and the record that CloudTrail writes of it. */
export interface Logged {
  readonly record: Readonly<Record<string, unknown>>;
  /** The request with all keys that AWS adds of its own, and without those that it cannot have had. */
  readonly request: AccessRequest;
  /** Keys, in lower case, of which the record says whether and with which value the request had them. */
  readonly told: ReadonlySet<string>;
}

/** Stands in `told` for every `aws:RequestTag/…`. */
export const anyRequestTag = 'aws:requesttag/*';

const eventOf = (service: string, name: string): string => {
  const { actions = {} } = eventNames.data.services[service] ?? {};
  const [event] = Object.entries(actions).find(([, needs]) => needs.length === 1 && needs[0] === name) ?? [];
  return event ?? name;
};

/** In which trail a record stands, and what is in it. */
export interface LoggedOptions {
  readonly data: ActionData;
  /** With all keys, as CloudTrail can be told to add. */
  readonly enriched?: boolean;
  /** In the trail of the resource's account, where it is not the principal's. */
  readonly ofResource?: boolean;
}

/** Writes a request down as CloudTrail does. */
export const logged = (asked: AccessRequest, { data, enriched = false, ofResource = false }: LoggedOptions): Logged => {
  const [service = '', name = ''] = asked.action.split(':');
  const [facts] = data.actionsLike(asked.action);
  const context = new Map(Object.entries(asked.context).map(([key, value]) => [key.toLowerCase(), value]));
  const told = new Set<string>();
  const set = (key: string, value: string): void => {
    context.set(key, value);
    told.add(key);
  };
  const drop = (...keys: string[]): void => {
    for (const key of keys) {
      context.delete(key);
      told.add(key);
    }
  };
  const text = (key: string): string | undefined => {
    const value = context.get(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const { principal } = asked;
  const recipient =
    ofResource || principal.service !== undefined
      ? (asked.resourceAccountId ?? principal.accountId)
      : principal.accountId;
  const owner = asked.resource === '*' ? undefined : (asked.resourceAccountId ?? principal.accountId);

  const region = text('aws:requestedregion') ?? 'eu-west-1';
  set('aws:requestedregion', region);
  const given = Date.parse(text('aws:currenttime') ?? '');
  const time = new Date(Number.isFinite(given) ? given : Date.UTC(2026, 10, 24)).toISOString();
  set('aws:currenttime', time);
  set('aws:epochtime', String(Math.floor(Date.parse(time) / 1_000)));
  if (owner !== undefined) set('aws:resourceaccount', owner);
  const mayTag = facts?.conditionKeys.some((key) => /^aws:(RequestTag\/|TagKeys$)/i.test(key)) === true;
  const tags = new Map<string, string>();
  const listed = context.get('aws:tagkeys');
  if (mayTag) {
    for (const key of typeof listed === 'string' ? [listed] : (listed ?? [])) tags.set(key, 'x');
    for (const [key, value] of context) {
      const [, tag] = /^aws:requesttag\/(.*)$/.exec(key) ?? [];
      if (tag === undefined || typeof value !== 'string') continue;
      const written = [...tags.keys()].find((one) => one.toLowerCase() === tag) ?? tag;
      tags.set(written, value);
    }
  }
  for (const key of [...context.keys()]) if (key.startsWith('aws:requesttag/')) context.delete(key);
  for (const [tag, value] of tags) context.set(`aws:requesttag/${tag.toLowerCase()}`, value);
  if (tags.size > 0) context.set('aws:tagkeys', [...tags.keys()]);
  else context.delete('aws:tagkeys');
  told.add('aws:tagkeys');
  told.add(anyRequestTag);
  if (facts?.conditionKeys.includes('ec2:Region') === true) set('ec2:region', region);
  else drop('ec2:region');
  if (facts?.conditionKeys.includes('s3:TlsVersion') !== true) drop('s3:tlsversion');

  const record: Record<string, unknown> = {
    eventVersion: '1.11',
    eventTime: time,
    eventSource: `${service === 'cloudwatch' ? 'monitoring' : service}.amazonaws.com`,
    eventName: eventOf(service, name),
    awsRegion: region,
    eventType: 'AwsApiCall',
    recipientAccountId: recipient,
    requestParameters: {
      maxResults: 10,
      ...(tags.size === 0 ? {} : { tagSet: { items: [...tags].map(([key, value]) => ({ key, value })) } }),
    },
    ...(owner === undefined ? {} : { resources: [{ ARN: asked.resource, accountId: owner }] }),
  };

  const via = principal.service === undefined && text('aws:viaawsservice') === 'true';
  const role = /^arn:[^:]+:(?:iam::\d+:role|sts::\d+:assumed-role)\//.test(principal.arn);
  const root = principal.arn.endsWith(':root');
  const user = principal.service === undefined && !role && !root;
  if (principal.service !== undefined) {
    record.userIdentity = { type: 'AWSService', invokedBy: principal.service };
    drop('aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:username');
    drop('aws:multifactorauthpresent', 'aws:sourceidentity');
    set('aws:principalisawsservice', 'true');
    set('aws:principalservicename', principal.service);
  } else {
    const arn = principal.arn.replace(/^(arn:[^:]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/, '$1:iam::$2:role/$3');
    const id = text('aws:userid') ?? 'AROAEXAMPLE:ann';
    set('aws:principalarn', arn);
    set('aws:principalaccount', principal.accountId);
    set('aws:principaltype', role ? 'AssumedRole' : root ? 'Account' : 'User');
    set('aws:userid', id);
    set('aws:principalisawsservice', 'false');
    drop('aws:principalservicename', 'aws:principalservicenameslist', 'aws:sourceaccount', 'aws:sourcearn');
    drop('aws:sourceorgid', 'aws:sourceorgpaths');
    if (user) set('aws:username', principal.arn.split('/').at(-1) ?? '');
    else drop('aws:username');
    const mfa = text('aws:multifactorauthpresent');
    const lasting = user && mfa === undefined;
    const session: Record<string, unknown> = {};
    if (lasting) {
      drop('aws:multifactorauthpresent', 'aws:multifactorauthage', 'aws:tokenissuetime', 'aws:sourceidentity');
      drop('aws:assumedroot');
    } else {
      const since = text('aws:tokenissuetime');
      const attributes = {
        ...(mfa === undefined ? {} : { mfaAuthenticated: mfa }),
        ...(since === undefined ? {} : { creationDate: since }),
      };
      session.attributes = attributes;
      if (mfa !== undefined) told.add('aws:multifactorauthpresent');
      if (mfa === 'false') drop('aws:multifactorauthage');
      if (since !== undefined) told.add('aws:tokenissuetime');
      const identity = text('aws:sourceidentity');
      if (identity !== undefined) {
        session.sourceIdentity = identity;
        told.add('aws:sourceidentity');
      } else if (Object.keys(attributes).length > 0) drop('aws:sourceidentity');
      if (!root) drop('aws:assumedroot');
      const delivery = text('ec2:roledelivery');
      if (delivery !== undefined) {
        session.ec2RoleDelivery = delivery;
        told.add('ec2:roledelivery');
      }
    }
    if (!role) drop('aws:federatedprovider');
    if (role) session.sessionIssuer = { type: 'Role', arn, accountId: principal.accountId };
    record.userIdentity = {
      type: role ? 'AssumedRole' : root ? 'Root' : 'IAMUser',
      principalId: id,
      arn: role ? `arn:aws:sts::${principal.accountId}:assumed-role/${arn.split('/').at(-1)}/ann` : principal.arn,
      accountId: principal.accountId,
      accessKeyId: lasting ? 'AKIAIOSFODNN7EXAMPLE' : 'ASIAIOSFODNN7EXAMPLE',
      ...(user ? { userName: text('aws:username') } : {}),
      ...(lasting ? {} : { sessionContext: session }),
      ...(via ? { invokedBy: 'cloudformation.amazonaws.com' } : {}),
    };
    if (via && !role) told.add('aws:viaawsservice');
    if (!via) {
      set('aws:viaawsservice', 'false');
      drop('aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast', 'aws:calledviaawsmcp');
    }
  }
  if (via || principal.service !== undefined) record.sourceIPAddress = 'cloudformation.amazonaws.com';
  else {
    const [endpoint, ip, inside] = [text('aws:sourcevpce'), text('aws:sourceip'), text('aws:vpcsourceip')];
    if (endpoint !== undefined) {
      record.vpcEndpointId = endpoint;
      told.add('aws:sourcevpce');
      drop('aws:sourceip');
      if (inside !== undefined) {
        record.sourceIPAddress = inside;
        told.add('aws:vpcsourceip');
      }
    } else if (ip !== undefined) {
      record.sourceIPAddress = ip;
      told.add('aws:sourceip');
      drop('aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:vpcsourceip', 'aws:vpceaccount');
      drop('aws:vpceorgid', 'aws:vpceorgpaths');
    }
    if (text('aws:securetransport') === 'true') {
      const version = text('s3:tlsversion') ?? '1.3';
      record.tlsDetails = { tlsVersion: `TLSv${version}` };
      if (facts?.conditionKeys.includes('s3:TlsVersion') === true) set('s3:tlsversion', version);
      told.add('aws:securetransport');
    }
  }
  if (enriched) {
    record.eventContext = { requestContext: Object.fromEntries(context) };
    for (const key of context.keys()) told.add(key);
  }
  return { record, request: { ...asked, context: Object.fromEntries(context) }, told };
};
