/** Where faults and the time that a request takes come from. */
export interface FaultSource {
  readonly random: () => number;
  /** How many requests fail, from 0 to 1; half of them before and half after their effect. */
  readonly share: number;
  readonly sleep: (ms: number) => Promise<void>;
}

type Count = (action: string, key: string) => void;

interface Client {
  readonly send: (command: never, options?: never) => Promise<unknown>;
}

interface Sent {
  readonly input?: { readonly Filters?: readonly { readonly Name?: string }[] };
  readonly constructor: { readonly name: string };
}

const internalError = (): Error => Object.assign(new Error('A fault of the burst.'), { name: 'InternalError' });

/** The same client, each request of which takes a while, is counted, and may fail. */
export const withFaults = <C extends { readonly send: unknown }>(
  client: C,
  service: string,
  { random, share, sleep }: FaultSource,
  count: Count,
): C => {
  const { send } = client as unknown as Client;
  const faulty = async (command: never, options?: never): Promise<unknown> => {
    const sent = command as Sent;
    const filter = sent.input?.Filters?.[0]?.Name ?? '';
    count(`${service}:${sent.constructor.name.replace(/Command\d*$/, '')}`, filter);
    await sleep(20 + random() * 60);
    if (random() < share / 2) throw internalError();
    const answer = await send(command, options);
    if (random() < share / 2) throw internalError();
    return answer;
  };
  return { ...client, send: faulty };
};

/** What requests were made, told apart as the benchmark reports them. */
export interface CallCounter {
  readonly count: Count;
  work(): number;
  inventory(): number;
  verify(): number;
  all(): Readonly<Record<string, number>>;
}

/** Facts that many findings share and that are cached: not the work on one finding. */
const isInventory = (action: string, key: string): boolean =>
  (action.startsWith('store:') && (key.startsWith('control/') || action === 'store:list')) ||
  (action.startsWith('ec2:Describe') &&
    action !== 'ec2:DescribeNetworkAcls' &&
    !(action === 'ec2:DescribeNetworkInterfaces' && key === 'attachment.instance-id'));

/** Counts requests by action and by what they are for. */
export const countCalls = (): CallCounter => {
  const calls = new Map<string, number>();
  const by = { work: 0, inventory: 0, verify: 0 };
  return {
    count(action, key) {
      const kind = action.startsWith('guardduty:') ? 'verify' : isInventory(action, key) ? 'inventory' : 'work';
      by[kind] += 1;
      const name = kind === 'inventory' ? `${action} (inventory)` : action;
      calls.set(name, (calls.get(name) ?? 0) + 1);
    },
    work: () => by.work,
    inventory: () => by.inventory,
    verify: () => by.verify,
    all: () => Object.fromEntries([...calls].sort()),
  };
};
