import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesUnder, root } from './lib/workspace.ts';

/** The relative links of a page. */
const targetsIn = (text: string): string[] => {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  const links = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
  return links.filter((target) => !/^[a-z]+:/.test(target));
};

/** The paths under a top folder that a page names as code. */
const namedPaths = (text: string): string[] =>
  [...text.matchAll(/`((?:packages|scripts|docs|examples)\/[\w./-]+)`/g)].map((match) => match[1] ?? '');

const pagesOf = (workspace: string): string[] => [
  ...readdirSync(workspace)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(workspace, name)),
  ...['docs', 'packages', 'examples']
    .map((name) => join(workspace, name))
    .filter((dir) => existsSync(dir))
    .flatMap((dir) => filesUnder(dir, ['.md'])),
];

/** Links and paths of pages that lead nowhere. Change logs, which speak of the past, are left out. */
export const linkFaults = (workspace: string = root): string[] =>
  pagesOf(workspace)
    .filter((page) => !page.endsWith('CHANGELOG.md'))
    .flatMap((page) => {
      const text = readFileSync(page, 'utf8');
      const dead = [
        ...targetsIn(text).filter((target) => !existsSync(join(dirname(page), target))),
        ...namedPaths(text).filter((path) => !existsSync(join(workspace, path))),
      ];
      return dead.map((target) => `${relative(workspace, page)}: ${target} does not exist`);
    });
