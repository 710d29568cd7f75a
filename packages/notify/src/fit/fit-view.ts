import type { MessageView } from './message-view.ts';
import { omittedNote } from './omitted.ts';
import { type Taken, takeWhileFits } from './take.ts';

/** How the parts of a message become pieces of a target's payload, each within `room`; `undefined`: not even a cut form fits. */
export interface PieceRenderer<P> {
  readonly paragraph: (text: string, room: number) => P | undefined;
  readonly fact: (fact: MessageView['facts'][number], room: number) => P | undefined;
  readonly action: (action: MessageView['actions'][number], room: number, index: number) => P | undefined;
  readonly link: (link: MessageView['links'][number], room: number) => P | undefined;
  /** What a piece takes of the room, its separator included. */
  readonly size: (piece: P) => number;
}

/** Most pieces of each kind; any number where absent. */
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
    size: number,
    parts: number | undefined,
    render: (item: I, room: number, index: number) => P | undefined,
  ): Taken<P> & { readonly used: number } => {
    const taken = takeWhileFits(items, { size, parts: parts ?? items.length }, render, renderer.size);
    return { ...taken, used: size - taken.left };
  };
  const links = take(view.links, room / 4, most.links, renderer.link);
  const actions = take(view.actions, room / 4, most.actions, renderer.action);
  const rest = room - links.used - actions.used;
  const wanted = take(view.facts, rest / 3, most.facts, renderer.fact);
  const paragraphs = take(view.paragraphs, rest - wanted.used, most.paragraphs, renderer.paragraph);
  const facts = take(view.facts, rest - paragraphs.used, most.facts, renderer.fact);
  return {
    paragraphs: paragraphs.shown,
    facts: facts.shown,
    actions: actions.shown,
    links: links.shown,
    note: omittedNote([
      [paragraphs.omitted, 'paragraph'],
      [facts.omitted, 'fact'],
      [actions.omitted, 'step'],
      [links.omitted + view.refusedLinks, 'link'],
    ]),
  };
};
