export {
  createFaultyStore,
  type FaultyStore,
  type StoreFault,
  type StoreHooks,
  type StoreOperation,
} from './faulty-store.ts';
export { createRecordingSink, type RecordingSink } from './recording-sink.ts';
export { type ContractCase, storeContract } from './store-contract.ts';
export { createTestClock, type TestClock } from './test-clock.ts';
export { createVirtualTime, type VirtualTime } from './virtual-time.ts';
