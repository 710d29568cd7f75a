import { describe, it } from 'vitest';
import { storeContract } from '../testing/store-contract.ts';
import { createMemoryStore } from './memory.ts';

describe('createMemoryStore', () => {
  for (const { title, run } of storeContract(async () => createMemoryStore())) it(title, run);
});
