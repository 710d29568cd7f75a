import type { MessageView } from './message-view.ts';

/** How the parts of a message become pieces of a target's payload, each within `room`; `undefined`: not even a cut form fits. */
export interface PieceRenderer<P> {
  readonly paragraph: (text: string, room: number) => P | undefined;
  readonly fact: (fact: MessageView['facts'][number], room: number) => P | undefined;
  readonly action: (action: MessageView['actions'][number], room: number) => P | undefined;
  readonly link: (link: MessageView['links'][number], room: number) => P | undefined;
  /** What a piece takes of the room, its separator included. */
  readonly size: (piece: P) => number;
}

/** Most pieces of each kind. */
export interface PieceCounts {
  readonly paragraphs?: number;
  readonly facts?: number;
  readonly actions?: number;
  readonly links?: number;
}

/** A message within its room, in the order in which it is shown. */
export interface FittedView<P> {
  readonly paragraphs: readonly P[];
  readonly facts: readonly P[];
  readonly actions: readonly P[];
  readonly links: readonly P[];
  /** `… 3 paragraphs, 1 fact omitted`; `undefined` when all is shown. Not counted in the room. */
  readonly note: string | undefined;
}

/** The longest note: four counts of up to nine digits. For callers to leave room for. */
export const noteLength = 100;

interface Taken<P> {
  readonly pieces: readonly P[];
  readonly size: number;
}

const omission = (counts: readonly (readonly [number, string])[]): string | undefined => {
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  return parts.length === 0 ? undefined : `… ${parts.join(', ')} omitted`;
};

/**
 * Fits a message into `room`, whatever the target counts. Links and next steps get a quarter of it each at most, facts a
 * third of the rest before the body gets the remainder, and what the body leaves is for further facts. Within each kind
 * the last are left out first, and counted.
 */
export const fitView = <P>(
  view: MessageView,
  room: number,
  renderer: PieceRenderer<P>,
  most: PieceCounts = {},
): FittedView<P> => {
  const take = <I>(
    items: readonly I[],
    within: number,
    max: number | undefined,
    render: (item: I, room: number) => P | undefined,
  ): Taken<P> => {
    const pieces: P[] = [];
    let size = 0;
    for (const item of items.slice(0, max)) {
      const piece = render(item, within - size);
      if (piece === undefined || size + renderer.size(piece) > within) break;
      pieces.push(piece);
      size += renderer.size(piece);
    }
    return { pieces, size };
  };
  const links = take(view.links, room / 4, most.links, renderer.link);
  const actions = take(view.actions, room / 4, most.actions, renderer.action);
  const rest = room - links.size - actions.size;
  const wanted = take(view.facts, rest / 3, most.facts, renderer.fact);
  const paragraphs = take(view.paragraphs, rest - wanted.size, most.paragraphs, renderer.paragraph);
  const facts = take(view.facts, rest - paragraphs.size, most.facts, renderer.fact);
  return {
    paragraphs: paragraphs.pieces,
    facts: facts.pieces,
    actions: actions.pieces,
    links: links.pieces,
    note: omission([
      [view.paragraphs.length - paragraphs.pieces.length, 'paragraph'],
      [view.facts.length - facts.pieces.length, 'fact'],
      [view.actions.length - actions.pieces.length, 'step'],
      [view.links.length + view.refusedLinks - links.pieces.length, 'link'],
    ]),
  };
};
