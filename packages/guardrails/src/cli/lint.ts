import type { LintFinding } from '../lint/finding.ts';
import { lintPolicy } from '../lint/lint-policy.ts';
import type { PolicyType } from '../policy/document.ts';
import { findFiles, readJson } from './files.ts';
import { counted, type ExitCode, type Io, misuse } from './io.ts';
import { policiesIn } from './policies.ts';

/** What `lint` takes. */
export interface LintArguments {
  readonly paths: readonly string[];
  readonly type?: PolicyType;
  readonly existsEverywhere: readonly string[];
  readonly json: boolean;
}

interface FileFinding extends LintFinding {
  readonly file: string;
  /** Place of the policy in a file with several, from 0. */
  readonly policy: number;
}

/** A file that is no JSON is a finding: AWS would take it as little as we do. */
const readOrFinding = (path: string): { readonly content: unknown } | LintFinding => {
  try {
    return { content: readJson(path) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof SyntaxError)) throw error;
    return {
      code: 'invalid-structure',
      path: '',
      message: `The file is no JSON: ${cause.message}`,
      fix: 'Correct it.',
    };
  }
};

/** Checks the policies in files and folders. */
export const lint = ({ paths, type, existsEverywhere, json }: LintArguments, io: Io): ExitCode => {
  let policies = 0;
  const findings = findFiles(paths).flatMap(({ path, named }): readonly FileFinding[] => {
    const read = readOrFinding(path);
    if (!('content' in read)) {
      policies += 1;
      return [{ file: path, policy: 0, ...read }];
    }
    const found = policiesIn(read.content);
    if (found.length === 0 && named) throw misuse(`${path} holds no policy: nothing with Statement is in it.`);
    policies += found.length;
    return found.flatMap((one, policy) => {
      const typeOfIt = type ?? one.type;
      const options = { existsEverywhere, ...(typeOfIt === undefined ? {} : { type: typeOfIt }) };
      return lintPolicy(one.policy, options).map((finding) => ({ file: path, policy, ...finding }));
    });
  });
  // Nothing checked is no success: in CI it would stay green for ever.
  if (policies === 0) throw misuse(`There is no policy in ${paths.join(', ')}.`);
  if (json) io.out(JSON.stringify({ policies, findings }));
  else {
    for (const { file, path, code, message, fix } of findings)
      io.out(`${file}${path === '' ? '' : `: ${path}`}\n  ${code}: ${message}\n  ${fix}`);
    io.err(`${counted(findings.length, 'finding')} in ${counted(policies, 'policy', 'policies')}`);
  }
  return findings.length === 0 ? 0 : 1;
};
