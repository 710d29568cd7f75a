import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { examplesOf, filesUnder, packagesOf, root } from './lib/workspace.ts';

/** One compiling unit: a ts block of a page or docstring with those that continue it. */
export interface Snippet {
  /** Where it begins, `README.md:12`. */
  readonly at: string;
  readonly code: string;
}

const continues = '<!-- continues -->';

/**
 * The ts blocks of a text. A block below the comment `<!-- continues -->` sees what the block before it declares, so that
 * a page can explain a program piece by piece.
 */
export const snippetsIn = (text: string, name: string): Snippet[] => {
  const found: { at: string; code: string }[] = [];
  let open: { line: number; code: string[] } | undefined;
  let joined = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (open && line.trim() === '```') {
      const previous = found.at(-1);
      const code = `${open.code.join('\n')}\n`;
      if (joined && previous) previous.code += code;
      else found.push({ at: `${name}:${open.line}`, code });
      open = undefined;
      joined = false;
    } else if (open) open.code.push(line);
    else if (line.trim() === '```ts') open = { line: index + 1, code: [] };
    else if (line.trim() === continues) joined = true;
    else if (line.trim() !== '' && /^```/.test(line.trim())) joined = false;
  }
  if (open) throw new Error(`${name}:${open.line}: a code block that does not end`);
  return found;
};

/** The ts blocks of the docstrings of a source file that import something: without, it illustrates an internal function. */
export const docstringSnippets = (text: string, name: string): Snippet[] =>
  [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((match) => {
    const firstLine = text.slice(0, match.index).split('\n').length;
    const plain = match[0].replace(/^\s*\/?\*+\/? ?/gm, '');
    return snippetsIn(plain, name)
      .filter(({ code }) => /^import /m.test(code))
      .map(({ at, code }) => ({ at: `${name}:${firstLine + Number(at.slice(name.length + 1)) - 1}`, code }));
  });

const options: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  ).options,
  isolatedDeclarations: false,
  declaration: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

/** Type-checks snippets as modules of this workspace, under its full strictness. @returns `README.md:12: fault` */
export const snippetFaults = (snippets: readonly Snippet[]): string[] => {
  const files = new Map(snippets.map((snippet, index) => [join(root, `snippet-${index}.ts`), snippet]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name)?.code ?? readFile(name);
  const program = ts.createProgram({ rootNames: [...files.keys()], options, host });
  return [...files].flatMap(([name, snippet]) => {
    const source = program.getSourceFile(name);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return diagnostics.map(({ start = 0, messageText }) => {
      const line = source?.text.slice(start).split('\n')[0]?.trim() ?? '';
      return `${snippet.at}: ${ts.flattenDiagnosticMessageText(messageText, '\n')} (at: ${line})`;
    });
  });
};

/** Every ts block that people may copy: the pages, and the docstrings of the packages. */
export const allSnippets = (): Snippet[] => {
  const published = packagesOf();
  const pages = [
    join(root, 'README.md'),
    ...filesUnder(join(root, 'docs'), ['.md']),
    ...[...published, ...examplesOf()].flatMap(({ dir }) => filesUnder(dir, ['README.md'])),
  ];
  const sources = published
    .flatMap(({ dir }) => filesUnder(join(dir, 'src'), ['.ts']))
    .filter((path) => !path.endsWith('.test.ts'));
  return [
    ...pages.flatMap((path) => snippetsIn(readFileSync(path, 'utf8'), relative(root, path))),
    ...sources.flatMap((path) => docstringSnippets(readFileSync(path, 'utf8'), relative(root, path))),
  ];
};
