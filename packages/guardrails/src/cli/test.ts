import { evaluateDocument } from '../evaluate/document.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import { statementName } from '../evaluate/explain.ts';
import { type CaseFile, isCaseFile, readCaseFile, type UserCase } from './cases.ts';
import { findFiles } from './files.ts';
import { counted, type ExitCode, type Io, misuse } from './io.ts';

/** What `test` takes. */
export interface TestArguments {
  readonly paths: readonly string[];
  readonly json: boolean;
}

interface Verdict {
  readonly denied: boolean;
  readonly sids: readonly string[];
  readonly reason: string;
}

const verdictOf = ({ documents, organization }: CaseFile, { request }: UserCase): Verdict => {
  if (organization !== undefined) {
    const { verdict, deniedBy, reason } = evaluate(request, organization);
    return { denied: verdict !== 'allowed', sids: deniedBy.map(({ sid = '' }) => sid), reason };
  }
  const denials = documents.flatMap(({ name, document, type }) => {
    const { effect, statements } = evaluateDocument(document, request, type);
    return effect === 'denied' ? statements.map((statement) => ({ name, ...statement })) : [];
  });
  const [first] = denials;
  return {
    denied: first !== undefined,
    sids: denials.map(({ sid = '' }) => sid),
    reason: first === undefined ? 'nothing denies it' : `${statementName(first)} of ${first.name} denies it`,
  };
};

interface Failure {
  readonly file: string;
  readonly name: string;
  readonly expect: UserCase['expect'];
  readonly actual: UserCase['expect'];
  readonly reason: string;
}

const failure = (file: CaseFile, one: UserCase): readonly Failure[] => {
  const { denied, sids, reason } = verdictOf(file, one);
  const { name, expect, statement } = one;
  const actual = denied ? 'denied' : 'allowed';
  const byOther = denied && statement !== undefined && !sids.includes(statement);
  if (actual === expect && !byOther) return [];
  return [{ file: file.path, name, expect, actual, reason: byOther ? `${reason}, and not ${statement}` : reason }];
};

/** Runs the cases in files, and in the `*.cases.json` of folders, against the user's own policies. */
export const test = ({ paths, json }: TestArguments, io: Io): ExitCode => {
  const files = findFiles(paths)
    .filter(({ path, named }) => named || isCaseFile(path))
    .map(({ path }) => readCaseFile(path));
  if (files.length === 0) throw misuse(`There is no *.cases.json in ${paths.join(', ')}.`);
  const cases = files.reduce((sum, file) => sum + file.cases.length, 0);
  const failed = files.flatMap((file) => file.cases.flatMap((one) => failure(file, one)));
  if (json) io.out(JSON.stringify({ files: files.length, cases, failed }));
  else {
    for (const { file, name, expect, actual, reason } of failed)
      io.out(`${file}: ${name}\n  expected ${expect}, is ${actual}: ${reason}`);
    io.err(`${cases - failed.length} of ${counted(cases, 'case')} in ${counted(files.length, 'file')} hold`);
  }
  return failed.length === 0 ? 0 : 1;
};
