/** One message on the queue. */
export interface Message {
  readonly body: string;
  /** Messages of one group are handled one batch after another; used by FIFO queues alone. */
  readonly group: string;
}

interface Queued extends Message {
  readonly id: string;
  visibleAt: number;
  receives: number;
}

/** A batch as a function gets it. */
export interface Batch {
  readonly messages: readonly (Message & { readonly id: string; readonly receives: number })[];
  /** What the function's partial batch response says; everything, when it died. */
  finish(failedIds: ReadonlySet<string>): void;
}

/** An SQS queue that feeds a function, standard or FIFO. */
export interface Queue {
  /** Up to ten messages, if any are to be had now. */
  receive(): Batch | undefined;
  /** How many have been neither handled nor given up. */
  readonly left: number;
  /** Messages that were received too often. */
  readonly deadLetters: readonly Message[];
  /** When the next message becomes visible again; undefined: one is visible, or none is left. */
  nextVisibleAt(): number | undefined;
}

const batchSize = 10;

/** After a failure a message is hidden for this long, ms. */
const visibilityMs = 30_000;

const maxReceives = 12;

/** A queue that holds these messages from the start. */
export const createQueue = (messages: readonly Message[], { fifo, now }: { fifo: boolean; now: () => Date }): Queue => {
  let waiting: Queued[] = messages.map((message, index) => ({
    ...message,
    id: `m${index}`,
    visibleAt: 0,
    receives: 0,
  }));
  const busy = new Set<string>();
  const deadLetters: Message[] = [];
  let inFlight = 0;

  const take = (): Queued[] => {
    const at = now().getTime();
    if (!fifo) return waiting.filter(({ visibleAt }) => visibleAt <= at).slice(0, batchSize);
    // In order within a group: a message that is hidden holds back those behind it.
    const group = [...new Set(waiting.map((message) => message.group))].find(
      (name) => !busy.has(name) && (waiting.find((message) => message.group === name)?.visibleAt ?? 0) <= at,
    );
    return group === undefined ? [] : waiting.filter((message) => message.group === group).slice(0, batchSize);
  };

  return {
    receive() {
      const taken = take();
      if (taken.length === 0) return undefined;
      waiting = waiting.filter((message) => !taken.includes(message));
      inFlight += taken.length;
      for (const message of taken) message.receives += 1;
      const groups = fifo ? taken.map(({ group }) => group) : [];
      for (const group of groups) busy.add(group);
      return {
        messages: taken,
        finish(failedIds) {
          inFlight -= taken.length;
          for (const group of groups) busy.delete(group);
          const failed = taken.filter(({ id }) => failedIds.has(id));
          const again = failed.filter(({ receives }) => receives < maxReceives);
          deadLetters.push(...failed.filter(({ receives }) => receives >= maxReceives));
          for (const message of again) message.visibleAt = now().getTime() + visibilityMs;
          waiting = fifo ? [...again, ...waiting] : [...waiting, ...again];
        },
      };
    },
    get left() {
      return waiting.length + inFlight;
    },
    deadLetters,
    nextVisibleAt() {
      const at = now().getTime();
      const hidden = waiting.map(({ visibleAt }) => visibleAt).filter((visibleAt) => visibleAt > at);
      return hidden.length === 0 ? undefined : Math.min(...hidden);
    },
  };
};
