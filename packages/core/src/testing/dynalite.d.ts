declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** An HTTP server that speaks DynamoDB, in memory; the options are those used here. */
  export default function dynalite(options?: { readonly createTableMs?: number }): Server;
}
