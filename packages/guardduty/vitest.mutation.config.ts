import { defineConfig } from 'vitest/config';

// The tests of the decisions that stryker.config.json lists; each change to those runs some of them, thousands of times in
// all. Tests that stage a whole account are left out: they are slow, and a decision has tests of its own.
export default defineConfig({
  test: {
    name: 'guardduty-mutation',
    include: [
      'src/threats/*.test.ts',
      'src/gate/{address-ranges,answers,cidr,decide-threats,judge-cidr,port-runs,ranges}*.test.ts',
      'src/nacl/ledger/{account-denies,beyond,bounds,claim,contest,fit,history,ledger,parse-ledger,released,room}*.test.ts',
      'src/nacl/entries/{acl,beyond-summary,dead-swap,decide-entries,entry-result,flood,guard,offenders,place,rank,swap,unplaced}*.test.ts',
      'src/nacl/release/decide-*.test.ts',
      'src/nacl/reconcile/{decide-reconcile,orphans,quarrel}*.test.ts',
      'src/overflow/decide-*.test.ts',
    ],
    exclude: ['src/nacl/ledger/ledger-model.prop.test.ts'],
    setupFiles: ['vitest.mutation.setup.ts'],
    env: { REMEDYKIT_RUNS: '20' },
    isolate: false,
  },
});
