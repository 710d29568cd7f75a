import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

async function* bytesOf(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Bytes as they are, or unzipped where the first two say that they are gzipped, whatever the name of the file. */
export async function* inflated(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const source = bytesOf(chunks);
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await source.next();
    if (done === true) break;
    head = Buffer.concat([head, value]);
  }
  const rest = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield head;
    yield* source;
  };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* rest();
    return;
  }
  const gunzip = createGunzip({ chunkSize: 262_144 });
  const zipped = Readable.from(rest());
  zipped.on('error', (error) => gunzip.destroy(error));
  zipped.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk;
  } finally {
    zipped.destroy();
  }
}
