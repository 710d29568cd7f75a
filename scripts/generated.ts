import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingTypesPage } from './finding-types-page.ts';
import { guardrailsPage } from './guardrails-page.ts';
import { isMain } from './lib/run.ts';
import { packagesOf, root } from './lib/workspace.ts';

/** A part of a page that is made from the code, between `<!-- generated:name -->` and `<!-- /generated:name -->`. */
export interface GeneratedPart {
  /** Page, relative to the root. */
  readonly page: string;
  readonly name: string;
  readonly make: () => string;
}

const packageTable = (): string =>
  [
    '| package | what it holds |',
    '| --- | --- |',
    ...packagesOf().map(({ id, manifest }) => `| [\`${manifest.name}\`](packages/${id}) | ${manifest.description} |`),
  ].join('\n');

/** Add a part here when a table of a page repeats what the code knows. */
export const generatedParts: readonly GeneratedPart[] = [
  { page: 'README.md', name: 'packages', make: packageTable },
  { page: 'docs/finding-types.md', name: 'finding-types', make: findingTypesPage },
  { page: 'docs/guardrails.md', name: 'guardrails', make: guardrailsPage },
];

/** A page with one of its parts made anew; undefined when the page has no place for it. */
export const withPart = (text: string, name: string, content: string): string | undefined => {
  const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) return undefined;
  return `${text.slice(0, start)}${open}\n${content}\n${text.slice(end)}`;
};

/** Compares generated parts with their pages, or writes them. */
export const generatedFaults = ({
  write = false,
  parts = generatedParts,
  workspace = root,
}: {
  readonly write?: boolean;
  readonly parts?: readonly GeneratedPart[];
  readonly workspace?: string;
} = {}): string[] =>
  parts.flatMap(({ page, name, make }) => {
    const path = join(workspace, page);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const made = withPart(text, name, make());
    if (made === undefined) return [`${page}: the markers of the part ${name} are missing`];
    if (made === text) return [];
    if (!write) return [`${page}: the part ${name} is out of date: run pnpm generate`];
    writeFileSync(path, made);
    return [];
  });

if (isMain(import.meta.url)) {
  const faults = generatedFaults({ write: true });
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
