import { join, relative } from 'node:path';
import ts from 'typescript';
import { run } from './lib/run.ts';
import { packagesOf, root } from './lib/workspace.ts';

const show = (diagnostic: ts.Diagnostic, workspace: string): string => {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  if (!diagnostic.file || diagnostic.start === undefined) return text;
  const { line, character } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
  return `${relative(workspace, diagnostic.file.fileName)}:${line + 1}:${character + 1} ${text}`;
};

/**
 * The source that ships, without tests: under the package's own settings, so that `isolatedDeclarations` holds, and
 * without what a test runner's types bring along, so that no global of a browser is in reach.
 */
export const shippedTypeFaults = (packageDir: string, workspace: string = root): string[] => {
  const config = ts.getParsedCommandLineOfConfigFile(join(packageDir, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(show(diagnostic, workspace));
    },
  });
  if (!config) return [`${packageDir}/tsconfig.json cannot be read`];
  const program = ts.createProgram({
    rootNames: config.fileNames.filter((name) => !name.endsWith('.test.ts')),
    options: config.options,
  });
  const browser = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/lib\.dom\.[^/]*$/.test(fileName))
    .map(() => `${relative(workspace, packageDir)}: something it imports brings the DOM's types along`);
  return [...browser, ...ts.getPreEmitDiagnostics(program).map((diagnostic) => show(diagnostic, workspace))];
};

/** Type faults of everything in the workspace, tests and scripts included. */
export const typeFaults = (): string[] => [
  ...run('tsc', ['--noEmit', '-p', 'tsconfig.json']),
  ...packagesOf().flatMap(({ dir }) => shippedTypeFaults(dir)),
];
