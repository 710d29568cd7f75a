/** The part of a mutation testing report (schema of Stryker) that is counted. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** What became of the mutants of one file, or of all. */
export interface Tally {
  readonly killed: number;
  /** No test noticed, or none ran the code. */
  readonly survived: number;
  /** The code did not end any more, which is noticed too. */
  readonly timeout: number;
}

const tallyOf = (mutants: readonly Mutant[]): Tally => {
  const count = (...statuses: string[]): number => mutants.filter(({ status }) => statuses.includes(status)).length;
  return { killed: count('Killed'), survived: count('Survived', 'NoCoverage'), timeout: count('Timeout') };
};

/**
 * The share of mutants that a test notices, in percent, cut after the second digit so that nothing is rounded up to a
 * threshold. Nothing counted is 0: a figure that nobody measured proves nothing.
 */
export const scoreOf = ({ killed, survived, timeout }: Tally): number => {
  const all = killed + survived + timeout;
  return all === 0 ? 0 : Math.floor(((killed + timeout) / all) * 10_000) / 100;
};

/** What became of each file's mutants; `prefix` comes before the paths. */
export const talliesOf = ({ files }: MutationReport, prefix: string): [file: string, tally: Tally][] =>
  Object.entries(files)
    .map(([file, { mutants }]): [string, Tally] => [`${prefix}${file}`, tallyOf(mutants)])
    .sort(([one], [other]) => (one < other ? -1 : 1));

/** The sum of several. */
export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (sum, one) => ({
      killed: sum.killed + one.killed,
      survived: sum.survived + one.survived,
      timeout: sum.timeout + one.timeout,
    }),
    { killed: 0, survived: 0, timeout: 0 },
  );

const line = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 100);

/** The mutants that no test noticed, a line each: where, what it was and what it became. */
export const survivorsOf = ({ files }: MutationReport, prefix: string): string[] =>
  Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map(({ mutatorName, replacement = '', location: { start, end } }) => {
        const first = lines[start.line - 1] ?? '';
        const was = first.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
        return `${prefix}${file}:${start.line}:${start.column} ${mutatorName}: ${line(was)} => ${line(replacement)}`;
      });
  });
