import { defineConfig } from 'vitest/config';

// The tests that judge the files of stryker.config.json; each change to those runs some of them, thousands of times in all.
// Tests that stage a whole account, the store or crashes are left out: they are slow, and a decision has tests of its own.
export default defineConfig({
  test: {
    name: 'iam-mutation',
    include: [
      'src/{lifecycle,rules,exemptions}/*.test.ts',
      'src/days.test.ts',
      'src/inventory/decide-inventory*.test.ts',
      'src/credential-report/decide-report*.test.ts',
      'src/warnings/{recipients,mail-facts}*.test.ts',
      'src/enforcer/decide-user*.test.ts',
      'src/actions/{decide-credential-action,guard,limits,reservations,settle-journal,verify-target}*.test.ts',
      'src/mfa/{decide-console-action,console-steps,policy-drift}*.test.ts',
      'src/restore/{decide-restore,restore-request}*.test.ts',
    ],
    exclude: ['src/exemptions/stored-exemptions*.test.ts', 'src/**/*crash.test.ts'],
    setupFiles: ['vitest.mutation.setup.ts'],
    env: { REMEDYKIT_RUNS: '20' },
    isolate: false,
  },
});
