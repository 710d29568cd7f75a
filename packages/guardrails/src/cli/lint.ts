import type { LintFinding } from '../lint/finding.ts';
import { lintPolicy } from '../lint/lint-policy.ts';
import type { PolicyType } from '../policy/document.ts';
import { readFiles } from './files.ts';
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

/** Checks the policies in files and folders. */
export const lint = ({ paths, type, existsEverywhere, json }: LintArguments, io: Io): ExitCode => {
  let policies = 0;
  const findings = readFiles(paths).flatMap(({ path, content, named }): readonly FileFinding[] => {
    const found = policiesIn(content);
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
