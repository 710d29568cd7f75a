/** One check: it passes when it finds no fault. */
export interface Step {
  readonly name: string;
  readonly what: string;
  readonly faults: () => string[];
}

/**
 * Runs the steps that are asked for, all when none is, and goes on after one that failed.
 * @returns the exit code: 0, 1 when a step failed, 2 when a step is not known
 */
export const runSteps = (
  steps: readonly Step[],
  asked: readonly string[],
  say: (line: string) => void = console.log,
): number => {
  const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    say(`No such step: ${unknown.join(', ')}. Steps: ${steps.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const failed: string[] = [];
  for (const { name, what, faults } of steps) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    say(`\n== ${name}: ${what}`);
    const started = performance.now();
    let found: string[];
    try {
      found = faults();
    } catch (error) {
      found = [error instanceof Error ? error.message : String(error)];
    }
    for (const fault of found) say(`  ${fault}`);
    if (found.length > 0) failed.push(name);
    say(`   ${found.length === 0 ? 'ok' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  }
  say(failed.length === 0 ? '\nEvery check passed.' : `\nFailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
};
