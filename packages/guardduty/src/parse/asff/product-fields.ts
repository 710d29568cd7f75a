// Security Hub keeps GuardDuty's whole `service` object in ProductFields, one text per leaf, its path as the key:
// `aws/guardduty/service/action/portProbeAction/portProbeDetails.0_/remoteIpDetails/ipAddressV4`.
// Documents of 2019 have the path alone, with `:0` for elements of lists. Seen in public documents of 2019 to 2025.

const prefix = 'aws/guardduty/service/';
/** What of `service` is read; the rest is evidence for people. */
const heads: ReadonlySet<string> = new Set([
  'action',
  'additionalInfo',
  'archived',
  'count',
  'detection',
  'detectorId',
  'eventFirstSeen',
  'eventLastSeen',
  'resourceRole',
]);

/** An event has room for fewer; findings with many probes have some hundred. */
export const mostProductFields = 4_096;

/** Nothing of what we read lies deeper or under a longer key; such keys are made to keep us busy. */
const maximumDepth = 16;
const longestKey = 400;

type Step = string | number;

interface Node {
  leaf?: unknown;
  readonly children: Map<Step, Node>;
}

const newNode = (): Node => ({ children: new Map() });

const element = /^(.+)(?:\.(\d{1,6})_|:(\d{1,6}))$/;

const stepsOf = (path: string): Step[] => {
  const steps: Step[] = [];
  for (const part of path.split('/')) {
    // Most parts are plain names: asking first is much cheaper than matching.
    const found = part.endsWith('_') || part.includes(':') ? element.exec(part) : null;
    if (found?.[1] === undefined) steps.push(part);
    else steps.push(found[1], Number(found[2] ?? found[3]));
  }
  return steps;
};

/** The part before the first `/`. */
const headOf = (path: string): string => {
  const end = path.indexOf('/');
  return end === -1 ? path : path.slice(0, end);
};

/** Objects and lists without content come as empty text, or as an empty list in JSON. */
const isEmpty = (leaf: unknown): boolean => leaf === undefined || leaf === '' || leaf === '[]' || leaf === '{}';

const readNode = (node: Node): unknown => {
  const { leaf, children } = node;
  if (children.size === 0) return isEmpty(leaf) ? null : leaf;
  const named: [string, unknown][] = [];
  const listed: [number, unknown][] = [];
  for (const [step, child] of children) {
    if (typeof step === 'number') listed.push([step, readNode(child)]);
    else named.push([step, readNode(child)]);
  }
  // Beside fields, text is what the fields were taken from.
  if (!isEmpty(leaf) && !children.has('value')) named.push(['value', leaf]);
  const fields = Object.fromEntries(named);
  if (listed.length === 0) return fields;
  const elements = listed.toSorted(([one], [other]) => one - other).map(([, value]) => value);
  return named.length === 0 ? elements : [...elements, fields];
};

/** GuardDuty's `service` object out of ProductFields. */
export interface ServiceFields {
  /** In the shape of a GuardDuty finding; every value is text. */
  readonly service: Readonly<Record<string, unknown>>;
  /** The key under which ProductFields has what stands at this path of `service`. */
  readonly keyOf: (path: readonly PropertyKey[]) => string;
}

/** Puts the flattened `service` object together again. Takes time in proportion to its size and never fails. */
export const readServiceFields = (productFields: Readonly<Record<string, unknown>>): ServiceFields => {
  const entries = Object.entries(productFields);
  const isNew = entries.some(([key]) => key.startsWith(prefix));
  const root = newNode();
  for (const [key, leaf] of entries) {
    if (key.length > longestKey || (isNew && !key.startsWith(prefix))) continue;
    const path = isNew ? key.slice(prefix.length) : key;
    if (!heads.has(headOf(path))) continue;
    const steps = stepsOf(path);
    if (steps.length > maximumDepth) continue;
    let node = root;
    for (const step of steps) {
      const next = node.children.get(step) ?? newNode();
      node.children.set(step, next);
      node = next;
    }
    node.leaf = leaf;
  }
  const value = readNode(root);
  return {
    service: typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {},
    keyOf: (path) =>
      path.reduce<string>(
        (key, step, index) => {
          if (typeof step === 'number') return isNew ? `${key}.${step}_` : `${key}:${step}`;
          return index === 0 ? `${key}${String(step)}` : `${key}/${String(step)}`;
        },
        isNew ? prefix : '',
      ),
  };
};
