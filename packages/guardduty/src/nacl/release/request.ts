/** Who asks for something, and why; it is kept with what is done. */
export interface Request {
  readonly requestedBy: string;
  readonly reason: string;
}

/** What is wrong with a request by nobody or for no reason, in words; undefined when nothing is. */
export const requestFault = (request: Request | undefined): string | undefined => {
  for (const [name, longest] of [
    ['requestedBy', 128],
    ['reason', 256],
  ] as const) {
    const text: unknown = request?.[name];
    if (typeof text !== 'string' || text.trim() === '' || text.length > longest) {
      return `"${name}" must hold 1 to ${longest} characters; it is kept with what is done`;
    }
  }
  return undefined;
};
