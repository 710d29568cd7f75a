/** The first parts for which there was room, rendered, and how many were left out. */
export interface Taken<R> {
  readonly shown: R[];
  readonly omitted: number;
  /** What is left of the room. */
  readonly left: number;
}

/** How much room there is, in the target's measure, and how many parts may be shown. */
export interface Room {
  readonly size: number;
  readonly parts: number;
}

/**
 * Renders parts, most important first, until one does not fit: `render` may shorten it to what is left, `undefined` says
 * that it is left out, and with it all that come after, which are less important.
 */
export const takeWhileFits = <T, R>(
  parts: readonly T[],
  room: Room,
  render: (part: T, left: number, index: number) => R | undefined,
  sizeOf: (rendered: R, index: number) => number,
): Taken<R> => {
  const shown: R[] = [];
  let left = room.size;
  for (const part of parts) {
    if (shown.length >= room.parts) break;
    const rendered = render(part, left, shown.length);
    if (rendered === undefined) break;
    const size = sizeOf(rendered, shown.length);
    if (size > left) break;
    shown.push(rendered);
    left -= size;
  }
  return { shown, omitted: parts.length - shown.length, left };
};
