import { expect } from 'vitest';

// Setup file of the test projects: what must pass before a change lands plays the same runs each time; runs that are
// asked for by number are new ones. Only property tests pay for the import.
if (process.env.REMEDYKIT_RUNS === undefined && expect.getState().testPath?.includes('.prop.test.')) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 1 });
}
