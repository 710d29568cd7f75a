import type { ActionData, ActionFacts } from '../../actions/facts.ts';
import type { CloudTrailRecord } from '../records/unwrap.ts';
import { objectIn, type ReplayEvent, textIn } from './event.ts';

/** A resource that a call may have met. */
export interface MetResource {
  /** An ARN, `*` for none, or where `exact` is false a pattern that the ARN fits. */
  readonly arn: string;
  readonly exact: boolean;
  /** False where the call need not have met a resource of the kind. */
  readonly sure: boolean;
}

const most = 50;

/** Parameters that name what a variable of an ARN stands for, where they are named otherwise. In lower case. */
const parameterNames: Readonly<Record<string, readonly string[]>> = {
  trailname: ['name'],
  detectorid: ['detectorid'],
  securitygroupid: ['groupid', 'securitygroupid'],
  imageid: ['imageid'],
  topicname: ['name'],
  keyid: ['keyid', 'targetkeyid'],
  tablename: ['tablename'],
  functionname: ['functionname'],
  bucketname: ['bucketname', 'bucket'],
  objectname: ['key'],
  objectkey: ['key'],
};

/** Partition, Region and account are the event's own; they are said of what the event names without them. */
const place: Readonly<Record<string, (event: ReplayEvent) => string>> = {
  partition: ({ region }) =>
    region?.startsWith('cn-') === true ? 'aws-cn' : region?.startsWith('us-gov-') === true ? 'aws-us-gov' : 'aws',
  region: ({ region }) => region ?? '*',
  account: ({ recipient }) => recipient ?? '*',
};

const variable = /\$\{([^}]*)\}/g;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const formOf = (template: string): RegExp => {
  const parts = template.split(/\$\{([^}]*)\}/);
  // The name of a bucket is one word: what has a slash is an object.
  const source = parts.map((part, index) => {
    if (index % 2 === 0) return escaped(part);
    if (part === 'BucketName') return '[^/]+';
    return /^(Partition|Region|Account)$/.test(part) ? '[^:]*' : '.+';
  });
  return new RegExp(`^${source.join('')}$`, 's');
};

interface ResourceType {
  readonly template: string;
  readonly form: RegExp;
}

/** ARNs and names in the parameters of a request. */
interface Named {
  readonly arns: readonly string[];
  /** By the name of the parameter in lower case, wherever it stands. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const namedIn = (parameters: CloudTrailRecord): Named => {
  const arns: string[] = [];
  const values = new Map<string, string[]>();
  let left = 200;
  const visit = (value: unknown, name: string, depth: number): void => {
    if (left <= 0 || depth > 6) return;
    left -= 1;
    if (typeof value === 'string') {
      if (value.startsWith('arn:')) {
        if (arns.length < most) arns.push(value);
      } else if (value !== '') {
        const list = values.get(name) ?? [];
        if (list.length < most) list.push(value);
        values.set(name, list);
      }
    } else if (Array.isArray(value)) for (const one of value) visit(one, name, depth + 1);
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) visit(one, key.toLowerCase(), depth + 1);
  };
  visit(parameters, '', 0);
  return { arns, values };
};

/** What is known of a variable: its values, or a pattern for one of which only a part is known. */
const valuesOf = (name: string, { values }: Named): readonly (readonly [text: string, exact: boolean])[] => {
  const lower = name.toLowerCase();
  const withPath = /^(.*)namewithpath$/.exec(lower)?.[1];
  if (withPath !== undefined) {
    const names = values.get(`${withPath}name`) ?? [];
    const [path] = values.get('path') ?? [];
    // Whoever makes a role says its path; whoever changes one does not.
    return path === undefined
      ? names.map((one) => [`*${one}`, false])
      : names.map((one) => [`${path.replace(/^\//, '')}${one}`, true]);
  }
  // An alias stands for a key that the event does not name.
  const found = (parameterNames[lower] ?? [lower]).flatMap((one) => values.get(one) ?? []);
  return found.filter((one) => !/[:*?]/.test(one) && !one.startsWith('alias/')).map((one) => [one, true]);
};

/** A template filled in with what the event names; each variable that it does not name becomes `*`. */
const filled = (template: string, event: ReplayEvent, named: Named): readonly MetResource[] => {
  // What is made of the place alone is named by nobody, and need not have been met.
  let made: readonly MetResource[] = [{ arn: '', exact: true, sure: false }];
  const parts = template.split(variable);
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      made = made.map((one) => ({ ...one, arn: one.arn + part }));
      continue;
    }
    const ofPlace = place[part.toLowerCase()]?.(event);
    const known = ofPlace === undefined ? valuesOf(part, named) : [[ofPlace, ofPlace !== '*'] as const];
    const choices = known.length === 0 ? [['*', false] as const] : known.slice(0, most);
    made = made
      .flatMap((one) =>
        choices.map(([text, exact]) => ({
          arn: one.arn + text,
          exact: one.exact && exact,
          sure: one.sure || (ofPlace === undefined && exact),
        })),
      )
      .slice(0, most);
  }
  return made;
};

/** The ARNs of `resources`, and the patterns of its prefixes. */
const listedIn = ({ record }: ReplayEvent): readonly { readonly arn: string; readonly exact: boolean }[] => {
  const { resources } = record;
  if (!Array.isArray(resources)) return [];
  return resources
    .slice(0, most)
    .flatMap((one: unknown): readonly { readonly arn: string; readonly exact: boolean }[] => {
      if (typeof one !== 'object' || one === null) return [];
      const [arn, prefix] = [Reflect.get(one, 'ARN') ?? Reflect.get(one, 'arn'), Reflect.get(one, 'ARNPrefix')];
      if (typeof arn === 'string' && arn.startsWith('arn:')) return [{ arn, exact: true }];
      return typeof prefix === 'string' && prefix.startsWith('arn:') ? [{ arn: `${prefix}*`, exact: false }] : [];
    });
};

/** The account that owns the resources, where the event says it. */
export const ownerOf = ({ record }: ReplayEvent): string | undefined => {
  const { resources } = record;
  if (!Array.isArray(resources)) return undefined;
  const owners = new Set(
    resources.slice(0, most).flatMap((one: unknown) => {
      const owner = typeof one === 'object' && one !== null ? Reflect.get(one, 'accountId') : undefined;
      return typeof owner === 'string' && /^\d{12}$/.test(owner) ? [owner] : [];
    }),
  );
  return owners.size === 1 ? [...owners][0] : undefined;
};

/** Finds the resources that an action of an event meets. */
export const createResourceFinder = (
  data: ActionData,
): ((event: ReplayEvent, facts: ActionFacts, onShown: boolean) => readonly MetResource[]) => {
  const known = new WeakMap<ActionFacts, readonly ResourceType[]>();
  const typesOf = (facts: ActionFacts): readonly ResourceType[] => {
    const before = known.get(facts);
    if (before !== undefined) return before;
    const service = facts.action.split(':')[0] ?? '';
    const types = facts.resourceTypes.flatMap((type) => {
      const template = data.resourceArn(service, type);
      return template === undefined ? [] : [{ template, form: formOf(template) }];
    });
    known.set(facts, types);
    return types;
  };
  return (event, facts, onShown) => {
    const types = typesOf(facts);
    // An action without resources is asked about `*`.
    if (facts.resourceTypes.length === 0) return [{ arn: '*', exact: true, sure: true }];
    const fits = ({ arn }: { readonly arn: string }): boolean => types.some(({ form }) => form.test(arn));
    const listed = onShown ? listedIn(event).filter(fits) : [];
    const single = types.length === 1 && facts.resourceTypes.length === 1;
    const sure = listed.map((one) => ({ ...one, sure: true }));
    // S3 lists the access point as well as the object; of others, a table may be listed and its index not.
    if (listed.length > 0 && (single || facts.action.startsWith('s3:'))) return sure;
    const nothing: Named = { arns: [], values: new Map() };
    const named = onShown ? namedIn(objectIn(event.record, 'requestParameters')) : nothing;
    const unlisted = types.filter(({ form }) => !listed.some(({ arn }) => form.test(arn)));
    const made = unlisted.flatMap(({ template, form }): readonly MetResource[] => {
      const arns = named.arns.filter((arn) => form.test(arn));
      if (arns.length > 0) return arns.map((arn) => ({ arn, exact: true, sure: true }));
      return filled(template, event, named).map((one) => ({ ...one, sure: single || (one.exact && one.sure) }));
    });
    const found = [...sure, ...made];
    // Where no type is surely met, the call met one of them, or none that has a name.
    return found.length > 0 ? found : [{ arn: '*', exact: false, sure: true }];
  };
};

/** True when the request names a version of an object. */
export const namesVersion = ({ record }: ReplayEvent): boolean =>
  textIn(objectIn(record, 'requestParameters'), 'versionId') !== undefined;
