import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { examplesOf, filesUnder, type Member, packagesOf, root } from './lib/workspace.ts';

/** Where each package may point; the shared words are in core, so that the domains stay apart. */
const mayImport = (id: string): readonly string[] => (id === 'core' ? [] : ['core']);

/** The only places of core that know an AWS SDK client. */
const sdkInCore = /^src\/(state\/dynamodb|credentials\/sts)\b/;

const scope = '@remedykit/';
const isTest = (path: string): boolean => /\.test\.ts$/.test(path);
const isTesting = (path: string): boolean => path.startsWith('src/testing/');
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Import, export-from, `import type`, `import()` in code and in types, `require`. */
const importsOf = (path: string): string[] =>
  ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles.map(({ fileName }) => fileName);

interface Import {
  readonly member: Member;
  readonly kind: 'package' | 'example';
  /** Inside its member, `/` between the parts. */
  readonly file: string;
  readonly specifier: string;
}

/** Code that is neither a test nor part of a published test double nor the demo: what runs in production. */
const isProduction = ({ file }: Import): boolean => !isTest(file) && !isTesting(file) && !/\bdemo\b/.test(file);

const relativeFault = ({ member, file, specifier }: Import): string | undefined => {
  const target = relative(member.dir, resolve(member.dir, dirname(file), specifier));
  return target.startsWith('..') ? `leaves its package through ${specifier}: import a public sub-path` : undefined;
};

const siblingFault = ({ member, kind, specifier }: Import, published: readonly Member[]): string | undefined => {
  const sibling = published.find(({ manifest }) => manifest.name === packageName(specifier));
  if (!sibling) return `imports ${specifier}, which is no package of this workspace`;
  if (kind === 'package' && sibling.id !== member.id && !mayImport(member.id).includes(sibling.id))
    return `imports ${specifier}: ${member.id} may import ${mayImport(member.id).join(', ') || 'no other package'}`;
  const subPath = `.${specifier.slice(sibling.manifest.name.length)}`;
  return subPath in (sibling.manifest.exports ?? {})
    ? undefined
    : `imports ${specifier}, which ${sibling.manifest.name} does not export`;
};

const declaredFault = ({ member, kind, file, specifier }: Import): string | undefined => {
  const name = packageName(specifier);
  const { dependencies, peerDependencies, devDependencies } = member.manifest;
  const ships = kind === 'package' && !isTest(file) && file.startsWith('src/');
  const declared = { ...dependencies, ...peerDependencies, ...(ships ? {} : devDependencies) };
  if (name === member.manifest.name || name in declared) return undefined;
  // Configuration files and tests use the tools that the workspace itself declares.
  if (!ships && ['vitest', 'tsup', 'fast-check', 'esbuild'].includes(name)) return undefined;
  return `imports ${specifier}, which its package.json does not declare as ${ships ? 'dependency or peer' : 'dependency'}`;
};

const fault = (found: Import, published: readonly Member[]): string | undefined => {
  const { member, kind, file, specifier } = found;
  const intoTesting = specifier.startsWith('.')
    ? isTesting(join(dirname(file), specifier).split(sep).join('/'))
    : new RegExp(`^${scope}[^/]+/testing`).test(specifier);
  if (intoTesting && isProduction(found)) return `imports ${specifier}: only tests and testing/ may`;
  if (specifier.startsWith('.')) return relativeFault(found);
  if (specifier.startsWith('node:')) return undefined;
  if (isBuiltin(specifier)) return `imports ${specifier}: write node:${specifier}`;
  if (specifier.startsWith(scope)) return siblingFault(found, published) ?? declaredFault(found);
  if (kind === 'package' && member.id === 'core' && /^@(aws-sdk|smithy)\//.test(specifier) && !sdkInCore.test(file))
    return `imports ${specifier}: core knows AWS clients only in state/dynamodb and credentials/sts`;
  return declaredFault(found);
};

/** Every import that points where it must not, as `file: what is wrong`. */
export const arrowFaults = (workspace: string = root): string[] => {
  const published = packagesOf(workspace);
  const all = [
    ...published.map((member) => ({ member, kind: 'package' as const })),
    ...examplesOf(workspace).map((member) => ({ member, kind: 'example' as const })),
  ];
  return all.flatMap(({ member, kind }) =>
    filesUnder(member.dir, ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']).flatMap((path) => {
      const file = relative(member.dir, path).split(sep).join('/');
      return importsOf(path).flatMap((specifier) => {
        const wrong = fault({ member, kind, file, specifier }, published);
        return wrong === undefined ? [] : [`${relative(workspace, path)}: ${wrong}`];
      });
    }),
  );
};
