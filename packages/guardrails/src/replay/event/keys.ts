import type { ActionData, ActionFacts } from '../../actions/facts.ts';
import type { RequestKeys } from '../../evaluate/context.ts';
import { readBlock } from '../../evaluate/operators/ip.ts';
import type { CloudTrailRecord } from '../records/unwrap.ts';
import { objectIn, type ReplayEvent, textIn } from './event.ts';
import type { Caller } from './principal.ts';
import { type RequestTags, requestTags } from './request-tags.ts';

/** What an event shows of the condition keys of its request. */
export interface ShownKeys {
  /** By name in lower case. */
  readonly keys: RequestKeys;
  /** Whether the event says that the request had the key, had it not, or says nothing. In lower case. */
  stateOf(key: string): 'shown' | 'absent' | 'unknown';
}

/** What people say of the organisation, which no event does. */
export interface KeyOptions {
  readonly organizationId?: string;
  readonly data: ActionData;
}

const isAddress = (text: string): boolean => !text.includes('/') && readBlock(text) !== undefined;

const bool = (value: unknown): string | undefined => {
  if (typeof value === 'boolean') return String(value);
  return value === 'true' || value === 'false' ? value : undefined;
};

type Found = Map<string, string | readonly string[]>;

/** Keys of the network path. None is known of a call that a service made: the address is the service's. */
const networkKeys = (
  { record }: ReplayEvent,
  direct: boolean,
  { keys, ofService, absent }: { readonly keys: Found; readonly ofService: Found; readonly absent: Set<string> },
): void => {
  const ip = textIn(record, 'sourceIPAddress');
  const endpoint = textIn(record, 'vpcEndpointId');
  const tls = textIn(objectIn(record, 'tlsDetails'), 'tlsVersion');
  if (tls !== undefined) {
    if (direct) keys.set('aws:securetransport', 'true');
    const number = /^TLSv(\d(?:\.\d)?)$/.exec(tls)?.[1];
    if (number !== undefined) ofService.set('s3:tlsversion', number);
  }
  if (!direct) return;
  const shown = ip !== undefined && isAddress(ip);
  if (endpoint === undefined) {
    // A request through an endpoint names it, and has the address under another key.
    if (!shown) return;
    keys.set('aws:sourceip', ip);
    for (const key of ['aws:sourcevpce', 'aws:sourcevpc', 'aws:sourcevpcarn', 'aws:vpcsourceip']) absent.add(key);
    for (const key of ['aws:vpceaccount', 'aws:vpceorgid', 'aws:vpceorgpaths']) absent.add(key);
    return;
  }
  keys.set('aws:sourcevpce', endpoint);
  absent.add('aws:sourceip');
  if (shown) keys.set('aws:vpcsourceip', ip);
  const owner = textIn(record, 'vpcEndpointAccountId');
  if (owner !== undefined) keys.set('aws:vpceaccount', owner);
};

const sessionKeys = (event: ReplayEvent, { kind }: Caller, keys: Found, absent: Set<string>): void => {
  const session = objectIn(event.identity, 'sessionContext');
  const attributes = objectIn(session, 'attributes');
  const keyId = textIn(event.identity, 'accessKeyId') ?? '';
  const mfa = bool(attributes.mfaAuthenticated);
  const since = textIn(attributes, 'creationDate');
  // Keys of users that last (AKIA…) have no session, and so none of its keys.
  if (keyId.startsWith('AKIA')) {
    for (const key of ['aws:multifactorauthpresent', 'aws:multifactorauthage', 'aws:tokenissuetime']) absent.add(key);
    absent.add('aws:sourceidentity');
    absent.add('aws:assumedroot');
  }
  if (mfa !== undefined) keys.set('aws:multifactorauthpresent', mfa);
  if (mfa === 'false') absent.add('aws:multifactorauthage');
  if (since !== undefined) keys.set('aws:tokenissuetime', since);
  const identity = textIn(session, 'sourceIdentity');
  if (identity !== undefined) keys.set('aws:sourceidentity', identity);
  else if (Object.keys(attributes).length > 0) absent.add('aws:sourceidentity');
  const root = bool(session.assumedRoot);
  if (root !== undefined) keys.set('aws:assumedroot', root);
  else if (kind !== 'root') absent.add('aws:assumedroot');
  const delivery = textIn(session, 'ec2RoleDelivery');
  if (delivery !== undefined) keys.set('ec2:roledelivery', delivery);
  const federated = textIn(objectIn(session, 'webIdFederationData'), 'federatedProvider');
  if (federated !== undefined) keys.set('aws:federatedprovider', federated);
  else if (kind === 'user' || kind === 'root') absent.add('aws:federatedprovider');
};

const types: Partial<Record<Caller['kind'], string>> = {
  root: 'Account',
  user: 'User',
  role: 'AssumedRole',
  'federated-user': 'FederatedUser',
};

const principalKeys = (event: ReplayEvent, caller: Caller, keys: Found, absent: Set<string>): void => {
  const { principal, kind, principalArn } = caller;
  const set = (key: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') keys.set(key, value);
  };
  if (kind === 'service') {
    keys.set('aws:principalisawsservice', 'true');
    set('aws:principalservicename', principal.service);
    for (const key of ['aws:principalarn', 'aws:principalaccount', 'aws:principalorgid', 'aws:username'])
      absent.add(key);
    for (const key of ['aws:multifactorauthpresent', 'aws:principalorgpaths', 'aws:sourceidentity']) absent.add(key);
    return;
  }
  set('aws:principalarn', principalArn);
  set('aws:principalaccount', principal.accountId);
  set('aws:principaltype', types[kind]);
  set('aws:userid', textIn(event.identity, 'principalId'));
  if (kind === 'unknown' || kind === 'web-identity') return;
  keys.set('aws:principalisawsservice', 'false');
  if (kind === 'user') set('aws:username', textIn(event.identity, 'userName'));
  else absent.add('aws:username');
  for (const key of ['aws:principalservicename', 'aws:principalservicenameslist', 'aws:sourceaccount']) absent.add(key);
  for (const key of ['aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths']) absent.add(key);
};

/** A service that calls for a principal is said to; one that uses a role of its own is, too: that leaves it open which it was. */
const serviceKeys = (event: ReplayEvent, { kind }: Caller, keys: Found, absent: Set<string>): boolean => {
  const direct = textIn(event.identity, 'invokedBy') === undefined && kind !== 'service';
  const calledVia = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast', 'aws:calledviaawsmcp'];
  if (direct) {
    keys.set('aws:viaawsservice', 'false');
    for (const key of calledVia) absent.add(key);
  } else if (kind === 'user' || kind === 'root') keys.set('aws:viaawsservice', 'true');
  return direct;
};

/** Tags that a request brings, or that it brings none. */
const tagKeys = ({ record }: ReplayEvent, keys: Found): RequestTags | undefined => {
  const tags = requestTags(record.requestParameters);
  if (tags === undefined) return undefined;
  const set = (key: string, value: string | readonly string[]): void => {
    // What CloudTrail wrote down of the request itself stands.
    if (!keys.has(key)) keys.set(key, value);
  };
  if (tags.size > 0) set('aws:tagkeys', [...tags.keys()]);
  for (const [key, value] of tags) if (value !== undefined) set(`aws:requesttag/${key.toLowerCase()}`, value);
  return tags;
};

/** Keys that CloudTrail was told to write down with the event. Those that it leaves out may have been there. */
const enrichedKeys = (record: CloudTrailRecord, keys: Found): void => {
  const context = objectIn(objectIn(record, 'eventContext'), 'requestContext');
  for (const [key, value] of Object.entries(context)) {
    if (!key.includes(':')) continue;
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
      keys.set(key.toLowerCase(), String(value));
    else if (Array.isArray(value)) keys.set(key.toLowerCase(), value.map(String));
  }
};

const organizationKeys = (
  event: ReplayEvent,
  caller: Caller,
  owner: string | undefined,
  keys: Found,
  id?: string,
): void => {
  if (id === undefined || event.recipient === undefined) return;
  if (caller.principal.accountId === event.recipient) keys.set('aws:principalorgid', id);
  if (owner === event.recipient) keys.set('aws:resourceorgid', id);
};

/**
 * The condition keys that an event shows, and those that its request cannot have had. Sources: AWS CloudTrail User Guide, "CloudTrail
 * record contents" and "userIdentity element"; IAM User Guide, "AWS global condition context keys"; IAM's action data.
 * @param owner account of the resource, where the event names it
 */
export const shownKeys = (
  event: ReplayEvent,
  caller: Caller,
  owner: string | undefined,
  { organizationId, data }: KeyOptions,
): ((facts: ActionFacts | undefined) => ShownKeys) => {
  const keys: Found = new Map();
  /** Keys that only requests to some services carry. */
  const ofService: Found = new Map();
  const absent = new Set<string>();
  principalKeys(event, caller, keys, absent);
  const direct = serviceKeys(event, caller, keys, absent);
  networkKeys(event, direct, { keys, ofService, absent });
  if (caller.kind !== 'service') sessionKeys(event, caller, keys, absent);
  if (event.region !== undefined) {
    keys.set('aws:requestedregion', event.region);
    ofService.set('ec2:region', event.region);
  }
  keys.set('aws:currenttime', event.time);
  const seconds = Math.floor(Date.parse(event.time) / 1_000);
  if (Number.isFinite(seconds)) keys.set('aws:epochtime', String(seconds));
  const agent = textIn(event.record, 'userAgent');
  if (direct && agent !== undefined && !agent.startsWith('AWS Internal') && !agent.endsWith('.amazonaws.com'))
    keys.set('aws:useragent', agent.replace(/^\[(.*)\]$/s, '$1'));
  if (owner !== undefined) keys.set('aws:resourceaccount', owner);
  organizationKeys(event, caller, owner, keys, organizationId);
  let tags: RequestTags | 'unread' | undefined = 'unread';
  const readTags = (): RequestTags | undefined => {
    if (tags === 'unread') tags = tagKeys(event, keys);
    return tags;
  };
  enrichedKeys(event.record, keys);
  return (facts) => {
    const own = [...ofService].filter(([key]) => facts !== undefined && mayCarry(facts, key, data));
    const shown = own.length === 0 ? keys : new Map([...keys, ...own]);
    return {
      keys: shown,
      stateOf: (key) => {
        if (shown.has(key)) return 'shown';
        if (absent.has(key)) return 'absent';
        if (facts !== undefined && isOfTags(key) && mayCarry(facts, key, data)) {
          // Read late, for few statements ask for them.
          const found = readTags();
          if (found === undefined) return 'unknown';
          const value = keys.get(key);
          if (value !== undefined && shown !== keys) shown.set(key, value);
          if (value !== undefined) return 'shown';
          // A tag without a value in a form that is known: it is there, and its value is not.
          return [...found.keys()].some((one) => key === `aws:requesttag/${one.toLowerCase()}`) ? 'unknown' : 'absent';
        }
        return facts !== undefined && !mayCarry(facts, key, data) ? 'absent' : 'unknown';
      },
    };
  };
};

const isOfTags = (key: string): boolean => key === 'aws:tagkeys' || key.startsWith('aws:requesttag/');

const carried = new WeakMap<ActionFacts, Map<string, boolean>>();

/** Whether a request for an action may carry a key of a service, or tags. Source: the Service Authorization Reference. */
const mayCarry = (facts: ActionFacts, key: string, data: ActionData): boolean => {
  const known = carried.get(facts) ?? new Map<string, boolean>();
  carried.set(facts, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = ((): boolean => {
    const has = (test: (listed: string) => boolean): boolean =>
      facts.conditionKeys.some((one) => test(one.toLowerCase()));
    if (key.startsWith('aws:requesttag/')) return has((one) => one.startsWith('aws:requesttag/'));
    if (key === 'aws:tagkeys') return has((one) => one === key || one.startsWith('aws:requesttag/'));
    const definition = data.conditionKey(key);
    if (definition === undefined || definition.global) return true;
    return has((one) => one === definition.key.toLowerCase());
  })();
  if (known.size < 1_000) known.set(key, found);
  return found;
};
