import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { importsOf, reachedFrom } from './lib/imports.ts';
import { examplesOf, filesUnder, type Member, packagesOf, root } from './lib/workspace.ts';

/** Where each package may point; the shared words are in core, so that the domains stay apart. */
const mayImport = (id: string): readonly string[] => (id === 'core' ? [] : ['core']);

/** The only places of core that know an AWS SDK client. */
const sdkInCore = /^src\/(state\/dynamodb|credentials\/sts)\b/;

const isSdk = (specifier: string): boolean => /^@(aws-sdk|smithy)\//.test(specifier);

const scope = '@remedykit/';
const isTesting = (path: string): boolean => path.startsWith('src/testing/');
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const entriesOf = ({ dir, manifest }: Member): Map<string, string> =>
  new Map(
    Object.entries(manifest.exports ?? {}).flatMap(([subPath, file]) =>
      typeof file === 'string' ? [[subPath, join(dir, file)]] : [],
    ),
  );

interface Import {
  readonly member: Member;
  readonly kind: 'package' | 'example';
  /** A test, or a file of testing/ that no entry point reaches and so only tests use. */
  readonly test: boolean;
  /** Inside its member, `/` between the parts. */
  readonly file: string;
  readonly specifier: string;
}

/** The demo plays the deployable examples on published test doubles; it is never deployed. */
const isDemo = ({ member, kind }: Import): boolean => kind === 'example' && member.id === 'demo';

/** Code that is neither a test nor part of a published test double nor the demo: what runs in production. */
const isProduction = (found: Import): boolean => !found.test && !isTesting(found.file) && !isDemo(found);

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

const declaredFault = ({ member, kind, file, test, specifier }: Import): string | undefined => {
  const name = packageName(specifier);
  const { dependencies, peerDependencies, devDependencies } = member.manifest;
  const ships = kind === 'package' && !test && file.startsWith('src/');
  const declared = { ...dependencies, ...peerDependencies, ...(ships ? {} : devDependencies) };
  if (name === member.manifest.name || name in declared) return undefined;
  // Configuration files and tests use the tools that the workspace itself declares.
  if (!ships && ['vitest', 'tsup', 'fast-check', 'esbuild'].includes(name)) return undefined;
  return `imports ${specifier}, which its package.json does not declare as ${ships ? 'dependency or peer' : 'dependency'}`;
};

const fault = (
  found: Import,
  { published, examples }: { readonly published: readonly Member[]; readonly examples: readonly Member[] },
): string | undefined => {
  const { member, kind, file, test, specifier } = found;
  const intoTesting = specifier.startsWith('.')
    ? isTesting(join(dirname(file), specifier).split(sep).join('/'))
    : new RegExp(`^${scope}[^/]+/testing`).test(specifier);
  if (intoTesting && isProduction(found)) return `imports ${specifier}: only tests and testing/ may`;
  if (specifier.startsWith('.')) return relativeFault(found);
  if (specifier.startsWith('node:')) return undefined;
  if (isBuiltin(specifier)) return `imports ${specifier}: write node:${specifier}`;
  if (specifier.startsWith(scope)) {
    const reachable = isDemo(found) ? [...published, ...examples] : published;
    return siblingFault(found, reachable) ?? declaredFault(found);
  }
  if (kind === 'package' && member.id === 'core' && !test && isSdk(specifier) && !sdkInCore.test(file))
    return `imports ${specifier}: core knows AWS clients only in state/dynamodb and credentials/sts`;
  return declaredFault(found);
};

/** An optional peer that is not installed must not stop the package's main entry from loading. */
const optionalPeerFaults = (member: Member): string[] => {
  const main = entriesOf(member).get('.');
  if (main === undefined) return [];
  const optional = Object.entries(member.manifest.peerDependenciesMeta ?? {}).flatMap(([name, meta]) =>
    meta.optional === true ? [name] : [],
  );
  return [...reachedFrom([main], 'loaded')].flatMap((path) =>
    importsOf(path)
      .filter(({ specifier, loads }) => loads && optional.includes(packageName(specifier)))
      .map(
        ({ specifier }) =>
          `${relative(member.dir, path)}: the main entry loads ${specifier}, an optional peer: load it on demand, move it to a sub-path, or make it a plain peer`,
      ),
  );
};

/** Every import that points where it must not, as `file: what is wrong`. */
export const arrowFaults = (workspace: string = root): string[] => {
  const published = packagesOf(workspace);
  const examples = examplesOf(workspace);
  const all = [
    ...published.map((member) => ({ member, kind: 'package' as const })),
    ...examples.map((member) => ({ member, kind: 'example' as const })),
  ];
  const optional = published.flatMap((member) =>
    optionalPeerFaults(member).map((wrong) => `${relative(workspace, member.dir)}/${wrong}`),
  );
  const pointing = all.flatMap(({ member, kind }) => {
    const shipped = reachedFrom([...entriesOf(member).values()], 'all');
    return filesUnder(member.dir, ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']).flatMap((path) => {
      const file = relative(member.dir, path).split(sep).join('/');
      const test = file.endsWith('.test.ts') || (isTesting(file) && !shipped.has(path));
      return importsOf(path).flatMap(({ specifier }) => {
        const wrong = fault({ member, kind, file, test, specifier }, { published, examples });
        return wrong === undefined ? [] : [`${relative(workspace, path)}: ${wrong}`];
      });
    });
  });
  return [...pointing, ...optional];
};
