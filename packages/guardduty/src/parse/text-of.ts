import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function* withFirst<Item>(first: Item, rest: AsyncIterator<Item>): AsyncGenerator<Item, void, undefined> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* asIterable<Item>(chunks: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  yield* chunks;
}

async function* decoded(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let first = true;
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    yield first && text.startsWith('\ufeff') ? text.slice(1) : text;
    first = false;
  }
  yield decoder.decode();
}

/** The text of chunks of bytes or text, unzipped where they are gzipped, which their first two bytes say. */
export async function* textOf(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<string, void, undefined> {
  const rest = asIterable(chunks);
  let head = await rest.next();
  while (!head.done && head.value.length === 0) head = await rest.next();
  if (head.done) return;
  let first = head.value;
  if (typeof first !== 'string' && first.length === 1) {
    const second = await rest.next();
    if (!second.done && typeof second.value !== 'string') first = Uint8Array.from([...first, ...second.value]);
  }
  const whole = withFirst(first, rest);
  if (typeof first === 'string' || !isGzip(first)) {
    yield* decoded(whole);
    return;
  }
  // What goes wrong on the way destroys the last of the pipe, and so comes out of reading it.
  yield* decoded(pipeline(Readable.from(whole), createGunzip(), () => {}));
}
