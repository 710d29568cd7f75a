import { beforeAll } from 'vitest';

/** Each file begins with an empty account: what another one left there is not its business. Moto's own door, not AWS's. */
beforeAll(async () => {
  const { ok, status } = await fetch(new URL('/moto-api/reset', process.env.AWS_ENDPOINT_URL), { method: 'POST' });
  if (!ok) throw new Error(`The emulator was not emptied: HTTP ${status}.`);
});
